//! The store, in a real browser's IndexedDB. What two tabs do is done by two stores of one document.

use std::time::Duration;

use collab::id::ClientId;
use futures::channel::oneshot;
use leptos_dom::helpers::set_timeout;
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;

fn due() -> Pending {
    pending(7, 1)
}

fn pending(at: u64, number: u64) -> Pending {
    Pending { id: EditId { client: ClientId::new(1), number }, at }
}

fn update(byte: u8) -> Bytes {
    vec![1, byte].into()
}

fn updates(updates: impl IntoIterator<Item = (Bytes, Option<Pending>)>) -> News {
    News { updates: updates.into_iter().collect(), released: Vec::new() }
}

/// A document that nobody has ever opened.
async fn fresh(name: &str) -> DocId {
    // As every page does that comes to life. From the second time on there is one already.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let id = name.parse().unwrap();
    delete(&id).await.unwrap();
    id
}

fn store(id: &DocId) -> Store {
    Store::new(id, || {})
}

/// Folds a store into this, and returns what it held.
async fn fold(
    store: &Store,
    snapshot: Bytes,
    pending: Vec<Pending>,
    unread: Vec<usize>,
) -> (Vec<Bytes>, Vec<Pending>) {
    let (sender, kept) = oneshot::channel();
    store.fold(move |Kept { updates, pending: waiting }| {
        let _ = sender.send((updates.clone(), waiting.clone()));
        Folded { snapshot, pending, unread }
    });
    let kept = kept.await.unwrap();
    is_settled(store).await;
    kept
}

/// Opens a store that stays as it is, as a page does that knows nothing more, and returns what it holds.
async fn open(store: &Store) -> (Vec<Bytes>, Vec<Pending>) {
    fold(store, Bytes::from_static(&EMPTY_UPDATE), Vec::new(), Vec::new()).await
}

/// Waits until all transactions have ended.
async fn is_settled(store: &Store) {
    while store.0.unfinished.get() > 0 || store.health() == Health::Opening {
        let (sender, passed) = oneshot::channel();
        set_timeout(move || sender.send(()).unwrap_or_default(), Duration::from_millis(5));
        passed.await.unwrap();
    }
}

#[wasm_bindgen_test]
async fn what_is_kept_is_found_by_the_next_page_in_order() {
    let id = fresh("kept").await;
    let one = store(&id);
    assert_eq!(one.health(), Health::Opening);
    assert_eq!(open(&one).await, (vec![], vec![]));
    one.keep(updates([(update(1), Some(due())), (update(2), None)]));
    one.keep(updates([(update(3), Some(pending(9, 2)))]));
    assert!(!one.has_all());
    is_settled(&one).await;
    assert!(one.has_all());

    let next = store(&id);
    let kept = (vec![update(1), update(2), update(3)], vec![due(), pending(9, 2)]);
    assert_eq!(open(&next).await, kept);
}

#[wasm_bindgen_test]
async fn edits_that_are_confirmed_wait_no_more_and_are_still_kept() {
    let id = fresh("confirmed").await;
    let one = store(&id);
    open(&one).await;
    one.keep(updates([(update(1), Some(due())), (update(2), Some(pending(9, 2)))]));
    one.keep(News { released: vec![due().id], ..News::default() });
    // One that waits no more before it was even written.
    let soon = pending(11, 3);
    one.keep(News { released: vec![soon.id], ..updates([(update(3), Some(soon))]) });
    is_settled(&one).await;
    assert_eq!(open(&store(&id)).await, ([1, 2, 3].map(update).to_vec(), vec![pending(9, 2)]));
}

#[wasm_bindgen_test]
async fn folding_leaves_one_update_and_those_that_nobody_understands() {
    let id = fresh("folded").await;
    let one = store(&id);
    open(&one).await;
    one.keep(updates((1..=4).map(|byte| (update(byte), None))));
    is_settled(&one).await;
    assert_eq!(fold(&one, update(9), vec![due()], vec![2]).await.0.len(), 4);
    assert_eq!(open(&store(&id)).await, (vec![update(9), update(3)], vec![due()]));
}

#[wasm_bindgen_test]
async fn no_tab_takes_away_what_it_has_not_read() {
    let id = fresh("tabs").await;
    let (one, other) = (store(&id), store(&id));
    open(&one).await;
    open(&other).await;
    one.keep(updates([(update(1), None)]));
    let folding = fold(&other, update(9), Vec::new(), Vec::new());
    // Whether this comes before the fold or after it is the browser's affair.
    one.keep(updates([(update(2), None)]));
    let (read, _) = folding.await;
    is_settled(&one).await;
    let (left, _) = open(&store(&id)).await;
    let all: Vec<Bytes> = read.into_iter().chain(left).collect();
    assert!([1, 2, 9].iter().all(|&byte| all.contains(&update(byte))), "{all:?}");
}

#[wasm_bindgen_test]
async fn a_store_that_is_taken_away_is_broken_and_can_be_mended() {
    let id = fresh("broken").await;
    let one = store(&id);
    open(&one).await;
    delete(&id).await.unwrap();
    one.keep(updates([(update(1), Some(due()))]));
    assert_eq!(one.health(), Health::Broken);
    assert!(!one.has_all());
    // Nothing is written before what it may build on.
    one.keep(updates([(update(2), None)]));
    fold(&one, update(9), vec![due()], Vec::new()).await;
    assert_eq!(one.health(), Health::Whole);
    assert_eq!(open(&store(&id)).await, (vec![update(9)], vec![due()]));
}
