//! What an operator may decide, and what holds where nothing is said.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};
use collab::{guard::MAX_AUTHORS, room::Limits};
use leptos::config::LeptosOptions;
use serde::Deserialize;

use super::Config;
use crate::{
    api::ApiSettings,
    edge::{EdgeSettings, headers::StrictTransport, origin::AllowedOrigin, proxies::Network},
    rooms::RoomSettings,
    socket::{Rates, SessionLimits},
};

/// What an operator may decide. Each can be a flag, an environment variable, or a key of the table `[scriptorium]`
/// in the settings file, under the name of the flag.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct Settings {
    /// Where to listen [default: LEPTOS_SITE_ADDR, else site-addr in the settings file, else 127.0.0.1:8080]
    #[arg(long, global = true, env = "SCRIPTORIUM_ADDRESS", value_name = "ADDRESS:PORT")]
    address: Option<SocketAddr>,

    /// Where to serve metrics, for Prometheus; let nobody else reach it [default: nowhere]
    #[arg(long, global = true, env = "SCRIPTORIUM_METRICS_ADDRESS", value_name = "ADDRESS:PORT")]
    metrics_address: Option<SocketAddr>,

    /// How long a client may take to send the head of a request, in seconds [default: 10]
    #[arg(long, global = true, env = "SCRIPTORIUM_HEAD_TIMEOUT", value_name = "SECONDS")]
    head_timeout: Option<u64>,

    /// How long an answer may take to begin, in seconds [default: 30]
    #[arg(long, global = true, env = "SCRIPTORIUM_ANSWER_TIMEOUT", value_name = "SECONDS")]
    answer_timeout: Option<u64>,

    /// Whose pages may open sockets and change things, besides programs that are no browsers: origins such as
    /// https://pad.example, `same` for this server's own pages, `*` for all [default: same]
    #[arg(long, global = true, env = "SCRIPTORIUM_ORIGINS", value_name = "ORIGINS", value_delimiter = ',')]
    origins: Option<Vec<AllowedOrigin>>,

    /// The proxies before this server, as addresses or networks such as 10.0.0.0/8; they are believed about whom a
    /// request comes from and what it asked for [default: none]
    #[arg(
        long,
        global = true,
        env = "SCRIPTORIUM_TRUSTED_PROXIES",
        value_name = "NETWORKS",
        value_delimiter = ','
    )]
    trusted_proxies: Option<Vec<Network>>,

    /// For how many days browsers shall ask this host only through TLS, once they have asked it so [default: nothing is
    /// said of it]
    #[arg(long, global = true, env = "SCRIPTORIUM_HSTS", value_name = "DAYS")]
    hsts: Option<u64>,

    /// The directory that holds the documents; it is made if there is none [default: data]
    #[arg(long, global = true, env = "SCRIPTORIUM_DATA", value_name = "DIRECTORY")]
    data: Option<PathBuf>,

    /// Where documents are kept [default: sqlite]
    #[arg(long, global = true, env = "SCRIPTORIUM_STORAGE", value_enum)]
    storage: Option<StorageKind>,

    /// For how many days each single update is kept, for history [default: for ever]
    #[arg(long, global = true, env = "SCRIPTORIUM_KEEP_UPDATES", value_name = "DAYS")]
    keep_updates: Option<u64>,

    /// For how many days a deleted document can be brought back [default: 7]
    #[arg(long, global = true, env = "SCRIPTORIUM_KEEP_DELETED", value_name = "DAYS")]
    keep_deleted: Option<u64>,

    /// How many updates a document's log may grow by before a checkpoint is written [default: 1000]
    #[arg(long, global = true, env = "SCRIPTORIUM_CHECKPOINT_UPDATES", value_name = "COUNT")]
    checkpoint_updates: Option<u64>,

    /// How many bytes of updates a document's log may grow by before a checkpoint is written [default: 262144]
    #[arg(long, global = true, env = "SCRIPTORIUM_CHECKPOINT_BYTES", value_name = "BYTES")]
    checkpoint_bytes: Option<u64>,

    /// How long a document stays in memory after the last person has left, in seconds [default: 60]
    #[arg(long, global = true, env = "SCRIPTORIUM_RETIRE_AFTER", value_name = "SECONDS")]
    retire_after: Option<u64>,

    /// The largest frame that a client may send, and the largest body of a request to the HTTP interface, in bytes [default:
    /// 4194304]
    #[arg(long, global = true, env = "SCRIPTORIUM_MAX_FRAME", value_name = "BYTES")]
    max_frame: Option<usize>,

    /// The largest update that a client may send, in bytes [default: 4194304]
    #[arg(long, global = true, env = "SCRIPTORIUM_MAX_UPDATE", value_name = "BYTES")]
    max_update: Option<usize>,

    /// The most bytes that wait for a slow reader before it is brought up to date in one go [default: 1048576]
    #[arg(long, global = true, env = "SCRIPTORIUM_OUTBOX", value_name = "BYTES")]
    outbox: Option<usize>,

    /// How many documents may be open at the same time [default: 10000]
    #[arg(long, global = true, env = "SCRIPTORIUM_MAX_ROOMS", value_name = "COUNT")]
    max_rooms: Option<usize>,

    /// How large a document may become, in bytes of its encoding [default: 33554432]
    #[arg(long, global = true, env = "SCRIPTORIUM_MAX_DOCUMENT", value_name = "BYTES")]
    max_document: Option<usize>,

    /// How many shared types a document may hold within others, as other applications have them [default: 1000]
    #[arg(long, global = true, env = "SCRIPTORIUM_MAX_NESTED", value_name = "COUNT")]
    max_nested: Option<usize>,

    /// How many clients may have written in a document, each page that was loaded being one; 16384 at the most
    /// [default: 8192]
    #[arg(long, global = true, env = "SCRIPTORIUM_MAX_CLIENTS", value_name = "COUNT")]
    max_clients: Option<usize>,

    /// How much may be said of the people for whom one session speaks, in bytes [default: 16384]
    #[arg(long, global = true, env = "SCRIPTORIUM_MAX_PRESENCE", value_name = "BYTES")]
    max_presence: Option<usize>,

    /// For how many people one session may speak [default: 32]
    #[arg(long, global = true, env = "SCRIPTORIUM_MAX_PEOPLE", value_name = "COUNT")]
    max_people: Option<usize>,

    /// How much may be said of one of them, in bytes; 4096 at the most [default: 4096]
    #[arg(long, global = true, env = "SCRIPTORIUM_MAX_STATE", value_name = "BYTES")]
    max_state: Option<usize>,

    /// How many sessions a document may have at the same time [default: 2000]
    #[arg(long, global = true, env = "SCRIPTORIUM_MAX_SESSIONS", value_name = "COUNT")]
    max_sessions: Option<usize>,

    /// How many sessions may come from one address, over all documents [default: 200]
    #[arg(long, global = true, env = "SCRIPTORIUM_MAX_ADDRESS_SESSIONS", value_name = "COUNT")]
    max_address_sessions: Option<usize>,

    /// How many messages a session may send each second; ten seconds' worth at once [default: 1000]
    #[arg(long, global = true, env = "SCRIPTORIUM_MESSAGE_RATE", value_name = "COUNT")]
    message_rate: Option<u32>,

    /// How many bytes a session may send each second; ten seconds' worth at once [default: 1048576]
    #[arg(long, global = true, env = "SCRIPTORIUM_BYTE_RATE", value_name = "BYTES")]
    byte_rate: Option<u32>,

    /// How much of its room's time a session may take, in percent; ten seconds' worth at once [default: 10]
    #[arg(long, global = true, env = "SCRIPTORIUM_ROOM_SHARE", value_name = "PERCENT")]
    room_share: Option<u8>,

    /// How many bytes of what clients sent may wait for a busy document; others wait to send [default: 67108864]
    #[arg(long, global = true, env = "SCRIPTORIUM_MAILBOX", value_name = "BYTES")]
    mailbox: Option<usize>,

    /// How many bytes of updates may wait for the disk; others wait to send [default: 268435456]
    #[arg(long, global = true, env = "SCRIPTORIUM_BACKLOG", value_name = "BYTES")]
    backlog: Option<usize>,

    /// After how long without a sign of life a session is ended, in seconds; clients are asked for one every 20
    /// [default: 45]
    #[arg(long, global = true, env = "SCRIPTORIUM_SILENCE", value_name = "SECONDS")]
    silence: Option<u64>,

    /// After how long a session is ended that does not take in what is sent to it, in seconds [default: 30]
    #[arg(long, global = true, env = "SCRIPTORIUM_READING", value_name = "SECONDS")]
    reading: Option<u64>,

    /// How long a document may keep its room busy before it is set up anew, in seconds [default: 10]
    #[arg(long, global = true, env = "SCRIPTORIUM_PATIENCE", value_name = "SECONDS")]
    patience: Option<u64>,

    /// Whether the HTTP interface and the front page list all documents: whoever sees a document's name can write to it
    /// [default: false]
    #[arg(
        long,
        global = true,
        env = "SCRIPTORIUM_LIST_DOCUMENTS",
        value_name = "true|false",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    list_documents: Option<bool>,

    /// How many requests to the HTTP interface may come from one address each second; ten seconds' worth at once
    /// [default: 50]
    #[arg(long, global = true, env = "SCRIPTORIUM_REQUEST_RATE", value_name = "COUNT")]
    request_rate: Option<u32>,

    /// How to write the log [default: text]
    #[arg(long, global = true, env = "SCRIPTORIUM_LOG_FORMAT", value_enum)]
    log_format: Option<LogFormat>,

    /// What to log, in the syntax of tracing's EnvFilter [default: info]
    #[arg(long, global = true, env = "RUST_LOG", value_name = "FILTER")]
    log: Option<String>,
}

/// The back ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StorageKind {
    /// One file in the data directory.
    Sqlite,
    /// Nowhere: everything is gone when the server stops. For trying things out.
    Memory,
}

/// The log's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

impl Settings {
    /// What is not said here is taken from `other`.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            address: self.address.or(other.address),
            metrics_address: self.metrics_address.or(other.metrics_address),
            head_timeout: self.head_timeout.or(other.head_timeout),
            answer_timeout: self.answer_timeout.or(other.answer_timeout),
            origins: self.origins.or(other.origins),
            trusted_proxies: self.trusted_proxies.or(other.trusted_proxies),
            hsts: self.hsts.or(other.hsts),
            data: self.data.or(other.data),
            storage: self.storage.or(other.storage),
            keep_updates: self.keep_updates.or(other.keep_updates),
            keep_deleted: self.keep_deleted.or(other.keep_deleted),
            checkpoint_updates: self.checkpoint_updates.or(other.checkpoint_updates),
            checkpoint_bytes: self.checkpoint_bytes.or(other.checkpoint_bytes),
            retire_after: self.retire_after.or(other.retire_after),
            max_frame: self.max_frame.or(other.max_frame),
            max_update: self.max_update.or(other.max_update),
            outbox: self.outbox.or(other.outbox),
            max_rooms: self.max_rooms.or(other.max_rooms),
            max_document: self.max_document.or(other.max_document),
            max_nested: self.max_nested.or(other.max_nested),
            max_clients: self.max_clients.or(other.max_clients),
            max_presence: self.max_presence.or(other.max_presence),
            max_people: self.max_people.or(other.max_people),
            max_state: self.max_state.or(other.max_state),
            max_sessions: self.max_sessions.or(other.max_sessions),
            max_address_sessions: self.max_address_sessions.or(other.max_address_sessions),
            message_rate: self.message_rate.or(other.message_rate),
            byte_rate: self.byte_rate.or(other.byte_rate),
            room_share: self.room_share.or(other.room_share),
            mailbox: self.mailbox.or(other.mailbox),
            backlog: self.backlog.or(other.backlog),
            silence: self.silence.or(other.silence),
            reading: self.reading.or(other.reading),
            patience: self.patience.or(other.patience),
            list_documents: self.list_documents.or(other.list_documents),
            request_rate: self.request_rate.or(other.request_rate),
            log_format: self.log_format.or(other.log_format),
            log: self.log.or(other.log),
        }
    }

    pub(super) fn resolve(self, mut leptos: LeptosOptions) -> Config {
        leptos.site_addr = self.address.unwrap_or(leptos.site_addr);
        let edge = EdgeSettings::default();
        let (rooms, limits, api) =
            (RoomSettings::default(), SessionLimits::default(), ApiSettings::default());
        Config {
            leptos,
            data: self.data.unwrap_or_else(|| "data".into()),
            storage: self.storage.unwrap_or(StorageKind::Sqlite),
            metrics: self.metrics_address,
            edge: EdgeSettings {
                head_within: self.head_timeout.map_or(edge.head_within, Duration::from_secs),
                answer_within: self.answer_timeout.map_or(edge.answer_within, Duration::from_secs),
                origins: self.origins.map(Into::into).unwrap_or_default(),
                proxies: self.trusted_proxies.map(Into::into).unwrap_or_default(),
                strict_transport: StrictTransport::new(self.hsts.map(days)),
            },
            limits: SessionLimits {
                frame_bytes: self.max_frame.unwrap_or(limits.frame_bytes),
                outbox_bytes: self.outbox.unwrap_or(limits.outbox_bytes),
                reading: self.reading.map_or(limits.reading, Duration::from_secs),
                silence: self.silence.map_or(limits.silence, Duration::from_secs),
                from_one_address: self.max_address_sessions.unwrap_or(limits.from_one_address),
                rates: Rates {
                    messages: self.message_rate.map_or(limits.rates.messages, rate),
                    bytes: self.byte_rate.map_or(limits.rates.bytes, rate),
                    time: self.room_share.map_or(limits.rates.time, |percent| rate(percent.into()) / 100.0),
                },
            },
            api: ApiSettings {
                lists: self.list_documents.unwrap_or(api.lists),
                requests: self.request_rate.unwrap_or(api.requests),
                body_bytes: self.max_frame.unwrap_or(api.body_bytes),
            },
            rooms: RoomSettings {
                most: self.max_rooms.unwrap_or(rooms.most),
                sessions: self.max_sessions.unwrap_or(rooms.sessions),
                limits: Limits {
                    document_bytes: self.max_document.unwrap_or(rooms.limits.document_bytes),
                    update_bytes: self.max_update.unwrap_or(rooms.limits.update_bytes),
                    nested_types: self.max_nested.unwrap_or(rooms.limits.nested_types),
                    clients: self.max_clients.map_or(rooms.limits.clients, |most| most.min(MAX_AUTHORS)),
                    presences: self.max_people.unwrap_or(rooms.limits.presences),
                    presence_bytes: self.max_presence.unwrap_or(rooms.limits.presence_bytes),
                    state_bytes: self.max_state.unwrap_or(rooms.limits.state_bytes),
                },
                mailbox: self.mailbox.unwrap_or(rooms.mailbox),
                backlog: self.backlog.unwrap_or(rooms.backlog),
                patience: self.patience.map_or(rooms.patience, Duration::from_secs),
                retire_after: self.retire_after.map_or(rooms.retire_after, Duration::from_secs),
                checkpoint_updates: self.checkpoint_updates.unwrap_or(rooms.checkpoint_updates),
                checkpoint_bytes: self.checkpoint_bytes.unwrap_or(rooms.checkpoint_bytes),
                keep_updates: self.keep_updates.map(days),
                keep_deleted: self.keep_deleted.map_or(rooms.keep_deleted, days),
            },
            log_format: self.log_format.unwrap_or(LogFormat::Text),
            log: self.log.unwrap_or_else(|| "info".into()),
        }
    }
}

/// At no rate at all nobody could say a word.
fn rate(each_second: u32) -> f64 {
    f64::from(each_second.max(1))
}

fn days(count: u64) -> Duration {
    Duration::from_secs(count.saturating_mul(24 * 60 * 60))
}
