//! Sessions of a room.

use collab::{
    document::Document,
    frame::Message,
    id::{ClientId, Seq, SessionId},
    room::{Effect, Input, Limits, Room},
};

use super::words::knows_nothing;

pub(crate) const ANNA: SessionId = SessionId(1);
pub(crate) const BERT: SessionId = SessionId(2);
pub(crate) const CARL: SessionId = SessionId(3);

pub(crate) fn empty_room() -> Room {
    Room::new(Document::new(ClientId::SERVER), Seq(0), Limits::default())
}

/// A room in which these sessions have said that they know nothing.
pub(crate) fn room_with(sessions: &[SessionId]) -> Room {
    let mut room = empty_room();
    room.step(
        sessions.iter().flat_map(|&session| [(session, Input::Join), says(session, [knows_nothing()])]),
    );
    room
}

pub(crate) fn says<const N: usize>(session: SessionId, messages: [Message; N]) -> (SessionId, Input) {
    (session, Input::Messages(messages.into()))
}

/// What a session hears among the effects, in order.
pub(crate) fn heard_by(session: SessionId, effects: &[Effect]) -> Vec<Message> {
    let frames = effects.iter().filter_map(|effect| match effect {
        Effect::Send { to, frame } | Effect::Show { to, frame } if *to == session => Some(frame),
        _ => None,
    });
    frames.flat_map(|frame| Message::decode_frame(frame).expect("a frame of ours")).collect()
}
