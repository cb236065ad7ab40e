//! A stranger who knows the protocol well, in a room where two people write: updates that are well formed and mean
//! anything at all, questions, presences, leaving and coming back.

#![no_main]

use collab::{Bytes, frame::Message, wire::put_bytes, wire::put_var};
use fuzz::{
    company::Company,
    forgery::{Client, Clock, Deed, State, Update},
    memory::bounded,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|deeds: Vec<Deed>| {
    let len = std::mem::size_of::<Deed>() * deeds.len();
    bounded(1 << 16 | len, || {
        let mut company = Company::default();
        for deed in &deeds {
            carry_out(deed, &mut company);
            company.is_undisturbed();
            company.wait();
        }
        company.ends_well();
    });
});

fn carry_out(deed: &Deed, company: &mut Company) {
    let encode = |update: &Update| update.encode(|client| company.known(client));
    let message = |update: &Update| Message::Update(encode(update));
    match deed {
        Deed::Write(update) => company.hear(vec![message(update)]),
        Deed::WriteMuch(one, two, three) => company.hear([one, two, three].map(message).into()),
        Deed::Answer(update) => company.hear(vec![Message::Step2(encode(update))]),
        Deed::Ask(known) => company.hear(vec![Message::Step1(state_vector(known))]),
        Deed::Show(people) => {
            company.hear(vec![Message::Awareness(presences(people)), Message::QueryAwareness])
        }
        Deed::AskSaved(number) => company.hear(vec![Message::SavedQuery(*number)]),
        Deed::ComeBack => company.come_back(),
        Deed::Stall => company.stall(),
        Deed::WriteWithoutBert(update) => company.hear_without_bert(vec![message(update)]),
    }
}

fn state_vector(known: &[(Client, Clock)]) -> Bytes {
    let mut out = Vec::new();
    put_var(&mut out, known.len() as u64);
    for (client, clock) in known {
        put_var(&mut out, client.number());
        put_var(&mut out, clock.number());
    }
    out.into()
}

fn presences(people: &[(Client, u8, State)]) -> Bytes {
    let mut out = Vec::new();
    put_var(&mut out, people.len() as u64);
    for (client, clock, state) in people {
        put_var(&mut out, client.number());
        put_var(&mut out, (*clock).into());
        put_bytes(&mut out, state.json().as_bytes());
    }
    out.into()
}
