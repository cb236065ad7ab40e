//! How much memory one input may take.

use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// What a room with three people and their documents may take, however little is said.
const BASE: usize = 4 << 20;

/// What each byte of an input may take on top. The text of a block is kept once by each of five documents, and a
/// block that holds two bytes takes some 200 in each.
const FOR_EACH_BYTE: usize = 4096;

/// Runs `test` and checks that it never held more memory than `len` bytes from a stranger may take.
///
/// # Panics
/// If it did.
pub fn bounded<T>(len: usize, test: impl FnOnce() -> T) -> T {
    HEAP.reset_peak_usage();
    let before = HEAP.current_usage();
    let result = test();
    let taken = HEAP.peak_usage().saturating_sub(before);
    assert!(taken <= BASE + len * FOR_EACH_BYTE, "{len} bytes took {taken} bytes of memory");
    result
}
