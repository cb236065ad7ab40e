// Where the server under test listens: in the variables that it reads itself.

const address = process.env.SCRIPTORIUM_ADDRESS ?? process.env.LEPTOS_SITE_ADDR ?? '127.0.0.1:8080';
export const origin = `http://${address}`;
