//! What servers want beside the protocol that all of them speak.

use bytes::Bytes;
use clap::ValueEnum;
use collab::wire::{Reader, put_bytes};
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::{Error, target::Target};

/// How a server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Dialect {
    /// y-websocket, as it is
    #[default]
    Yjs,
    /// Hocuspocus: every frame begins with the document's name, and one must show a token first
    Hocuspocus,
    /// y-sweet: a document is made and its address asked for through HTTP
    YSweet,
}

impl Dialect {
    /// The address at which a document's socket is.
    pub(crate) async fn address(self, target: &Target, document: &str) -> Result<String, Error> {
        if self != Self::YSweet {
            return Ok(target.url(document));
        }
        let body = format!("{{\"docId\":\"{document}\"}}");
        post(target, "/doc/new", body).await?;
        let answer = post(target, &format!("/doc/{document}/auth"), "{}".to_owned()).await?;
        let answer: serde_json::Value = serde_json::from_slice(&answer)?;
        let url = answer["url"].as_str().ok_or("y-sweet gave no address")?;
        Ok(format!("{url}/{document}"))
    }

    /// What each frame begins with.
    pub(crate) fn prefix(self, document: &str) -> Vec<u8> {
        let mut prefix = Vec::new();
        if self == Self::Hocuspocus {
            put_bytes(&mut prefix, document.as_bytes());
        }
        prefix
    }

    /// What has to be said before anything else: an authentication, with an empty token.
    pub(crate) fn greeting(self) -> Option<&'static [u8]> {
        (self == Self::Hocuspocus).then_some(&[2, 0, 0])
    }

    /// A frame without what it begins with.
    pub(crate) fn strip(self, frame: &Bytes) -> Result<Bytes, Error> {
        if self != Self::Hocuspocus {
            return Ok(frame.clone());
        }
        let mut reader = Reader::new(frame);
        reader.bytes()?;
        Ok(frame.slice_ref(reader.rest()))
    }
}

async fn post(target: &Target, path: &str, body: String) -> Result<Bytes, Error> {
    let authority = target.authority("any")?;
    let stream = TcpStream::connect(&authority).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::HOST, authority)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(body)))?;
    let answer = sender.send_request(request).await?;
    if !answer.status().is_success() {
        return Err(format!("{path} was answered with {}", answer.status()).into());
    }
    Ok(answer.into_body().collect().await?.to_bytes())
}
