//! Whatever the network does, all come to read the same text, and nothing that was said to be saved is lost.
//!
//! `COLLAB_SEED=7` replays one run; `COLLAB_SEEDS` and `COLLAB_STEPS` make it longer.

mod support {
    pub(crate) mod browser;
    pub(crate) mod chance;
    pub(crate) mod network;
    pub(crate) mod people;
    pub(crate) mod world;
}

use support::{
    chance::{for_each_seed, number},
    world::World,
};

#[test]
fn whatever_happens_all_read_the_same_in_the_end() {
    let steps = number("COLLAB_STEPS").unwrap_or(200);
    for_each_seed(300, |chance| {
        let mut world = World::new(chance);
        for _ in 0..steps {
            world.step();
        }
        world.come_to_rest();
        world.assert_alike();
    });
}
