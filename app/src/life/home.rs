//! The front page.

use super::{recently, upload};
use crate::worker;

pub(super) fn open() {
    recently::show();
    upload::offer();
    worker::employ();
}
