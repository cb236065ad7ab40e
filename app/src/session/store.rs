//! What the browser keeps of a document, for as long as it likes: updates, and which edits wait for the server's word.
//!
//! Each document has an IndexedDB database of its own. Updates are written as they come to be, in the order in which
//! they build on each other, and now and then replaced by one that holds them all. Transactions of all tabs form one
//! order, so that no tab takes away what it has not read.

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use collab::{
    Bytes,
    document::EMPTY_UPDATE,
    id::DocId,
    ledger::{EditId, Pending},
};
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use leptos_dom::helpers::window;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    IdbDatabase, IdbObjectStore, IdbObjectStoreParameters, IdbOpenDbRequest, IdbRequest, IdbTransaction,
};

/// The store of updates, in the order in which they were written.
const UPDATES: &str = "updates";
/// The store of edits that wait: under the replica's number and the edit's, when it was made.
const PENDING: &str = "pending";
/// After so many updates of this tab they are replaced by one.
const MANY: u32 = 500;

/// What is kept of one document. Clones are the same store.
#[derive(Clone)]
pub(super) struct Store(Rc<Inner>);

struct Inner {
    name: String,
    database: RefCell<Option<IdbDatabase>>,
    health: Cell<Health>,
    /// How many transactions have not ended yet.
    unfinished: Cell<usize>,
    /// How many updates this tab has written since they were folded.
    written: Cell<u32>,
    on_change: Rc<dyn Fn()>,
}

/// Whether what is written is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Health {
    /// Nobody knows yet.
    Opening,
    /// It is.
    Whole,
    /// It is not: the browser keeps nothing, or has no room.
    Broken,
}

/// What a store does not have yet.
#[derive(Default)]
pub(super) struct News {
    /// Updates, each with the edit that it is, if that waits.
    pub(super) updates: Vec<(Bytes, Option<Pending>)>,
    /// Edits that wait no more, among them some of these.
    pub(super) released: Vec<EditId>,
}

/// All that was kept.
pub(super) struct Kept {
    pub(super) updates: Vec<Bytes>,
    pub(super) pending: Vec<Pending>,
}

/// What replaces it.
pub(super) struct Folded {
    pub(super) snapshot: Bytes,
    pub(super) pending: Vec<Pending>,
    /// The places of updates that are not in the snapshot, because nobody understands them.
    pub(super) unread: Vec<usize>,
}

impl Store {
    /// Nothing can be kept before [`Store::fold`]. `on_change` is called, a moment later, when the health may have
    /// changed.
    pub(super) fn new(id: &DocId, on_change: impl Fn() + 'static) -> Self {
        Self(Rc::new(Inner {
            name: name(id),
            database: RefCell::default(),
            health: Cell::new(Health::Opening),
            unfinished: Cell::default(),
            written: Cell::default(),
            on_change: Rc::new(on_change),
        }))
    }

    /// Whether what is written is kept.
    pub(super) fn health(&self) -> Health {
        self.0.health.get()
    }

    /// Whether all that was to be kept has reached the disk, or at least the operating system.
    pub(super) fn has_all(&self) -> bool {
        self.health() == Health::Whole && self.0.unfinished.get() == 0
    }

    /// Whether so much was written that it should be folded.
    pub(super) fn is_long(&self) -> bool {
        self.0.written.get() >= MANY
    }

    /// Keeps updates, in order, and remembers which edits wait and which wait no more, in one transaction: each takes as
    /// long as a key does. What comes before the store is open, or after it broke, is in the document that it is folded
    /// into then.
    pub(super) fn keep(&self, News { updates, released }: News) {
        if self.health() != Health::Whole || (updates.is_empty() && released.is_empty()) {
            return;
        }
        self.0.written.set(self.0.written.get() + updates.len() as u32);
        self.write(|stores| {
            for (update, pending) in &updates {
                stores.updates.add(&Uint8Array::from(&update[..]))?;
                if let Some(pending) = pending {
                    stores.wait(pending)?;
                }
            }
            released.iter().try_for_each(|&id| stores.pending.delete(&key(id)).map(drop))
        });
    }

    /// Opens the store if need be, hands over all that is kept, and replaces it by one update, in one transaction. A
    /// store of one update that would stay the same is left alone.
    pub(super) fn fold(&self, take: impl FnOnce(&Kept) -> Folded + 'static) {
        let store = self.clone();
        spawn_local(async move {
            match store.try_fold(take).await {
                Ok(()) => (store.0.on_change)(),
                Err(_) => store.fail(),
            }
        });
    }

    async fn try_fold(&self, take: impl FnOnce(&Kept) -> Folded) -> Result<(), JsValue> {
        if self.0.database.borrow().is_none() {
            let database = open(&self.0.name).await?;
            self.0.database.replace(Some(database));
        }
        let (transaction, stores) = self.begin()?;
        let keys = stores.updates.get_all_keys()?;
        let updates = stores.updates.get_all()?;
        let ids = stores.pending.get_all_keys()?;
        let times = stores.pending.get_all()?;
        // They are answered in order.
        done(&times).await?;
        let kept = Kept { updates: bytes(&updates)?, pending: pending(&ids, &times)? };
        let folded = take(&kept);
        // From here on every update is written after this transaction, and what came before is in the snapshot.
        self.0.health.set(Health::Whole);
        self.0.written.set(0);
        replace(&stores, &kept, &list(&keys)?, &folded)?;
        self.follow(transaction);
        Ok(())
    }

    fn write(&self, act: impl FnOnce(&Stores) -> Result<(), JsValue>) {
        let begun = self.begin().and_then(|(transaction, stores)| act(&stores).map(|()| transaction));
        match begun {
            Ok(transaction) => self.follow(transaction),
            Err(_) => self.fail(),
        }
    }

    /// Begins a transaction. It lasts until nothing more is asked of it.
    fn begin(&self) -> Result<(IdbTransaction, Stores), JsValue> {
        let database = self.0.database.borrow();
        let database = database.as_ref().ok_or(JsValue::UNDEFINED)?;
        let transaction = begin(database)?;
        let stores = Stores {
            updates: transaction.object_store(UPDATES)?,
            pending: transaction.object_store(PENDING)?,
        };
        Ok((transaction, stores))
    }

    fn follow(&self, transaction: IdbTransaction) {
        let store = self.clone();
        store.0.unfinished.update(|count| count + 1);
        spawn_local(async move {
            let end = JsFuture::from(ended(&transaction)).await;
            store.0.unfinished.update(|count| count - 1);
            if end.is_err() {
                store.fail();
            }
        });
    }

    /// What is written from now on could build on what was lost, so that nothing is until all is written anew.
    fn fail(&self) {
        self.0.health.set(Health::Broken);
        if let Some(database) = self.0.database.take() {
            database.close();
        }
        let on_change = self.0.on_change.clone();
        spawn_local(async move { on_change() });
    }
}

/// The stores of a database, in one transaction.
struct Stores {
    updates: IdbObjectStore,
    pending: IdbObjectStore,
}

impl Stores {
    fn wait(&self, pending: &Pending) -> Result<(), JsValue> {
        self.pending.put_with_key(&(pending.at as f64).into(), &key(pending.id)).map(drop)
    }
}

/// Begins a transaction over both stores. What the operating system has survives the end of a tab and of the browser.
/// To wait for the disk at each key, as "strict" does, would guard against a power cut only, at the cost of battery
/// and disk. web-sys counts the option among the unstable ones, although all browsers know it.
fn begin(database: &IdbDatabase) -> Result<IdbTransaction, JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"durability".into(), &"relaxed".into())?;
    let names = Array::of2(&UPDATES.into(), &PENDING.into());
    let begin: Function = Reflect::get(database, &"transaction".into())?.dyn_into()?;
    begin.call3(database, &names, &"readwrite".into(), &options)?.dyn_into()
}

/// Deletes all that is kept of a document.
pub(super) async fn delete(id: &DocId) -> Result<(), JsValue> {
    let factory = window().indexed_db()?.ok_or(JsValue::UNDEFINED)?;
    done(&factory.delete_database(&name(id))?.into()).await.map(drop)
}

fn name(id: &DocId) -> String {
    format!("scriptorium/{id}")
}

async fn open(name: &str) -> Result<IdbDatabase, JsValue> {
    let factory = window().indexed_db()?.ok_or(JsValue::UNDEFINED)?;
    let request = factory.open_with_u32(name, 1)?;
    let create = {
        let request = request.clone();
        Closure::once(move || create(&request))
    };
    request.set_onupgradeneeded(Some(create.as_ref().unchecked_ref()));
    let database: IdbDatabase = done(&request).await?.dyn_into()?;
    let make_way = {
        let database = database.clone();
        Closure::<dyn Fn()>::new(move || database.close())
    };
    // A newer version of this program wants to change it, or somebody to delete it.
    database.set_onversionchange(Some(make_way.as_ref().unchecked_ref()));
    make_way.forget();
    Ok(database)
}

/// Creates the stores. If that fails, the database does not open.
fn create(request: &IdbOpenDbRequest) -> Result<(), JsValue> {
    let database: IdbDatabase = request.result()?.dyn_into()?;
    let numbered = IdbObjectStoreParameters::new();
    numbered.set_auto_increment(true);
    database.create_object_store_with_optional_parameters(UPDATES, &numbered)?;
    database.create_object_store(PENDING)?;
    Ok(())
}

fn replace(stores: &Stores, kept: &Kept, keys: &[JsValue], folded: &Folded) -> Result<(), JsValue> {
    let is_new = folded.snapshot[..] != EMPTY_UPDATE && kept.updates != [folded.snapshot.clone()];
    if is_new {
        keys.iter().try_for_each(|key| stores.updates.delete(key).map(drop))?;
        stores.updates.add(&Uint8Array::from(&folded.snapshot[..]))?;
        for &place in &folded.unread {
            stores.updates.add(&Uint8Array::from(&kept.updates[place][..]))?;
        }
    }
    folded.pending.iter().try_for_each(|pending| stores.wait(pending))
}

fn key(EditId { client, number }: EditId) -> JsValue {
    Array::of2(&(client.get() as f64).into(), &(number as f64).into()).into()
}

fn bytes(request: &IdbRequest) -> Result<Vec<Bytes>, JsValue> {
    Ok(list(request)?.iter().map(|value| Uint8Array::new(value).to_vec().into()).collect())
}

fn pending(ids: &IdbRequest, times: &IdbRequest) -> Result<Vec<Pending>, JsValue> {
    let whole = |value: JsValue| value.as_f64().unwrap_or_default() as u64;
    let read = |(key, at): (JsValue, JsValue)| {
        let key = Array::from(&key);
        let id = EditId { client: whole(key.get(0)).into(), number: whole(key.get(1)) };
        Pending { id, at: whole(at) }
    };
    Ok(list(ids)?.into_iter().zip(list(times)?).map(read).collect())
}

fn list(request: &IdbRequest) -> Result<Vec<JsValue>, JsValue> {
    Ok(Array::from(&request.result()?).to_vec())
}

/// Waits for an answer. The transaction stays open until whoever waits has had their turn.
async fn done(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let answered = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(answered).await?;
    request.result()
}

fn ended(transaction: &IdbTransaction) -> Promise {
    Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    })
}
