//! The ways out for a person whose writing the server does not take.

use collab::id::DocId;
use reactive_graph::traits::With;

use super::take_along;
use crate::{
    marks::REFUSED,
    monitor::{Connection, Monitor},
    page::{find_in, named, on_click, show_if},
    session::begin_afresh,
};

pub(super) fn offer(id: DocId, monitor: Monitor) {
    let Some(notice) = named(REFUSED) else { return };
    take_along::offer(&notice);
    on_click(find_in(&notice, ".begin-afresh"), move |_| begin_afresh(&id));
    show_if(Some(notice), move || {
        monitor
            .connection
            .with(|connection| matches!(connection, Connection::Refused(refusal) if !refusal.is_deletion()))
    });
}
