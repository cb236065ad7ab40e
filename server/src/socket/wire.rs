//! What goes out, byte by byte.
//!
//! The same bytes go to everybody in a room, and are shared: for each session only the head of the frame is made, of two
//! to ten bytes. Nearly all that sending costs is the system call, so that small frames are put together for one.

use std::{
    collections::VecDeque,
    fmt,
    io::{self, IoSlice},
};

use bytes::Bytes;
use tokio::net::TcpStream;

/// Frames that fit into so many bytes are put together before they are sent: to copy them costs less than to send them in
/// pieces.
const TOGETHER: usize = 4 * 1024;
/// How much of a larger one is sent at once.
const AT_ONCE: usize = 64 * 1024;

/// A connection, as far as it is written to.
pub trait Wire: fmt::Debug + Send + Sync {
    /// Takes as many of these bytes as it can at the moment.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] if it can take none. Otherwise the connection broke.
    fn try_write(&self, bytes: &[IoSlice<'_>]) -> io::Result<usize>;
}

impl Wire for TcpStream {
    fn try_write(&self, bytes: &[IoSlice<'_>]) -> io::Result<usize> {
        match bytes {
            [bytes] => Self::try_write(self, bytes),
            _ => self.try_write_vectored(bytes),
        }
    }
}

/// What a frame is (RFC 6455, section 5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

/// A whole message, as servers send it: it is not masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    pub(super) payload: Bytes,
}

/// What a frame begins with.
struct Head {
    bytes: [u8; 10],
    len: usize,
}

impl Frame {
    /// How many bytes it takes on the wire.
    pub(super) fn size(&self) -> usize {
        self.head().len + self.payload.len()
    }

    fn head(&self) -> Head {
        const LAST: u8 = 0x80;
        let len = self.payload.len();
        let mut head = Head { bytes: [0; 10], len: 2 };
        head.bytes[0] = LAST | self.kind as u8;
        match len {
            0..126 => head.bytes[1] = len as u8,
            126..0x1_0000 => {
                head.bytes[1] = 126;
                head.bytes[2..4].copy_from_slice(&(len as u16).to_be_bytes());
                head.len = 4;
            }
            _ => {
                head.bytes[1] = 127;
                head.bytes[2..].copy_from_slice(&(len as u64).to_be_bytes());
                head.len = 10;
            }
        }
        head
    }
}

impl Head {
    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// Sends as much of these frames, one at least, as the connection takes at the moment and one system call should, where so
/// much of the first has gone already. Returns how many bytes went.
pub(super) fn try_send(wire: &dyn Wire, frames: &VecDeque<Frame>, gone: usize) -> io::Result<usize> {
    match frames.front() {
        Some(first) if first.size() > TOGETHER => try_send_large(wire, first, gone),
        _ => wire.try_write(&[IoSlice::new(&together(frames)[gone..])]),
    }
}

/// From where it is.
fn try_send_large(wire: &dyn Wire, frame: &Frame, gone: usize) -> io::Result<usize> {
    let head = frame.head();
    let end = (gone + AT_ONCE).min(frame.payload.len());
    let mut pieces = [IoSlice::new(head.as_bytes()), IoSlice::new(&frame.payload[..end])];
    let mut slices = &mut pieces[..];
    IoSlice::advance_slices(&mut slices, gone);
    wire.try_write(slices)
}

/// As many of these frames as fit.
fn together(frames: &VecDeque<Frame>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(frames.front().map_or(0, Frame::size));
    for frame in frames {
        if bytes.len() + frame.size() > TOGETHER {
            break;
        }
        bytes.extend_from_slice(frame.head().as_bytes());
        bytes.extend_from_slice(&frame.payload);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use tungstenite::protocol::frame::{
        FrameHeader,
        coding::{Data, OpCode},
    };

    use super::*;

    #[test]
    fn heads_are_what_the_library_would_write() {
        for len in [0, 1, 125, 126, 65_535, 65_536, 1 << 20] {
            let mut expected = Vec::new();
            FrameHeader { opcode: OpCode::Data(Data::Binary), ..FrameHeader::default() }
                .format(len as u64, &mut expected)
                .unwrap();
            let head = Frame { kind: Kind::Binary, payload: vec![0; len].into() }.head();
            assert_eq!(head.as_bytes(), expected, "{len}");
        }
    }
}
