//! What passes between a room and a replica of Anna's.

use collab::{
    Bytes,
    frame::Message,
    id::SessionId,
    replica,
    room::{Effect, Input},
};

use super::sessions::ANNA;

/// What the room says to her, frame by frame.
pub(crate) fn frames_for_anna(effects: &[Effect]) -> Vec<Bytes> {
    let frames = effects.iter().filter_map(|effect| match effect {
        Effect::Send { to: ANNA, frame } => Some(frame.clone()),
        _ => None,
    });
    frames.collect()
}

/// What an effect of her replica says to the room, if it does.
pub(crate) fn spoken(effect: &replica::Effect) -> Option<(SessionId, Input)> {
    match effect {
        replica::Effect::Send(frame) => Some((ANNA, Input::Messages(Message::decode_frame(frame).unwrap()))),
        _ => None,
    }
}
