//! What people type, as updates: for the measurements that talk to a server and for those that need none.

pub mod typist;
