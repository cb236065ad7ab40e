//! Whatever the network does, all come to read the same text, and nothing that was said to be saved is lost.
//!
//! A run that fails prints its seed; `COLLAB_SEED=7`, with the same `COLLAB_STEPS`, replays it. `COLLAB_SEEDS` and
//! `COLLAB_STEPS` make it longer: a million steps are
//! `COLLAB_SEEDS=2500 COLLAB_STEPS=400 cargo test --release -p collab --test convergence`.

mod support {
    pub(crate) mod browser;
    pub(crate) mod chance;
    pub(crate) mod forger;
    pub(crate) mod network;
    pub(crate) mod people;
    pub(crate) mod world;
}

use support::{
    chance::{for_each_seed, number},
    world::World,
};

#[test]
fn whatever_happens_all_read_the_same_whenever_it_is_quiet() {
    let steps = number("COLLAB_STEPS").unwrap_or(200);
    for_each_seed(300, |chance| {
        let mut world = World::new(chance);
        for step in 1..=steps {
            world.step();
            if step % 150 == 0 || step == steps {
                world.come_to_rest();
                world.assert_alike();
            }
        }
    });
}
