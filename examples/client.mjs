// Writes a line into a document, and prints the text whenever it changes.
//     npm install yjs y-websocket ws
//     node client.mjs ws://127.0.0.1:8080/ws my-document
import WebSocket from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

const [address, name] = process.argv.slice(2)
const doc = new Y.Doc()
const text = doc.getText('text')
text.observe(() => console.log(text.toString()))
const provider = new WebsocketProvider(address, name, doc, { WebSocketPolyfill: WebSocket })
provider.once('sync', () => text.insert(text.length, 'Hello from Node\n'))
