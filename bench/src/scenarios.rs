//! What is done to a server.

pub(crate) mod fan_out;
pub(crate) mod idle;
pub(crate) mod join;
mod reading;
pub(crate) mod saturate;
pub(crate) mod saved;
pub(crate) mod storm;

use std::future::Future;

use futures::{StreamExt, TryStreamExt, stream};

use crate::{Error, client::Client, progress, target::Target};

/// How many sessions are opened at the same time where that is not what is measured.
const AT_ONCE: usize = 50;

/// Opens documents, each for so many people. Each document has one of them before the others come, because not every
/// server survives it if several come first.
async fn open_rooms(target: &Target, rooms: u32, people: u32) -> Result<Vec<Vec<Client>>, Error> {
    let join = |number: u32| async move {
        let document = target.new_document(number % rooms);
        Client::join(target, &document).await
    };
    let mut opened: Vec<_> = open_all(0..rooms, join).await?.into_iter().map(|first| vec![first]).collect();
    for (number, client) in open_all(rooms..rooms * people, join).await?.into_iter().enumerate() {
        opened[number % rooms as usize].push(client);
    }
    Ok(opened)
}

/// Opens many things, some at a time, in order.
async fn open_all<T, F: Future<Output = Result<T, Error>>>(
    numbers: std::ops::Range<u32>,
    open: impl FnMut(u32) -> F,
) -> Result<Vec<T>, Error> {
    let all = numbers.end;
    let tell = |number: usize| {
        if number.is_multiple_of(100) {
            progress::say(&format!("{number} of {all} are open"));
        }
    };
    let opened = stream::iter(numbers).map(open).buffered(AT_ONCE);
    let opened = opened.enumerate().inspect(|(number, _)| tell(*number)).map(|(_, opened)| opened);
    let opened = opened.try_collect().await;
    progress::done();
    opened
}
