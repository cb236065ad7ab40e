//! What the programs in `targets` share: a [`company`] of people whose room is given hostile bytes, the [`forgery`] of
//! updates that are well formed and mean anything at all, and a bound on what one input may cost.

pub mod company;
pub mod forgery;
pub mod memory;
