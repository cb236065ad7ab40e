//! Yjs itself, under Node, and our replicas share a room, by plans that chance makes: after each rest, all of them read
//! the same.
//!
//! A plan that fails is saved, and its name printed; `COLLAB_PLAN=FILE` runs it again, `COLLAB_SEED=7` makes
//! it anew. `COLLAB_SEEDS` and `COLLAB_STEPS` make the test longer. The plans in `plans` are run each time.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support {
    pub(crate) mod chance;
}

mod the_difference {
    pub(crate) mod plan;
    pub(crate) mod tab;
    pub(crate) mod world;
    pub(crate) mod yjs;
}

use std::{
    cell::RefCell,
    fs,
    path::{Path, PathBuf},
};

use support::chance::{for_each_seed, number};
use the_difference::{plan::Plan, world::World, yjs::Yjs};

const SEEDS: u64 = 60;
const STEPS: u64 = 120;

#[test]
fn all_read_what_yjs_reads() {
    let yjs = RefCell::new(Yjs::start());
    if let Ok(file) = std::env::var("COLLAB_PLAN") {
        return run(&mut yjs.borrow_mut(), &Plan::load(Path::new(&file)));
    }
    let steps = number("COLLAB_STEPS").unwrap_or(STEPS);
    for_each_seed(SEEDS, |chance| {
        let plan = Plan::by_chance(chance, steps);
        let _saved = SavedIfItFails(&plan);
        run(&mut yjs.borrow_mut(), &plan);
    });
}

#[test]
fn plans_that_were_saved_are_run_again() {
    let mut yjs = Yjs::start();
    let kept = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans")).unwrap();
    let mut plans: Vec<PathBuf> = kept.map(|file| file.unwrap().path()).collect();
    plans.sort();
    assert!(!plans.is_empty());
    for file in plans {
        let plan = Plan::load(&file);
        assert_eq!(
            plan.to_string(),
            fs::read_to_string(&file).unwrap(),
            "{} says what it does",
            file.display()
        );
        println!("{}", file.display());
        run(&mut yjs, &plan);
    }
}

fn run(yjs: &mut Yjs, plan: &Plan) {
    let mut world = World::new(yjs);
    plan.steps.iter().for_each(|step| world.step(step));
    world.come_to_rest();
}

/// Keeps a plan if the test panics while this is held.
struct SavedIfItFails<'a>(&'a Plan);

impl Drop for SavedIfItFails<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("differential.plan");
            fs::write(&file, self.0.to_string()).unwrap();
            eprintln!("run it again with COLLAB_PLAN={}", file.display());
        }
    }
}
