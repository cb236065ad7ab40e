{
  const { document: id } = document.currentScript.dataset;
  const author = () => {
    try {
      const known = localStorage.getItem('scriptorium.author');
      if (known?.length === 32) return known;
      const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
      const made = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
      localStorage.setItem('scriptorium.author', made);
      return made;
    } catch {
      return '';
    }
  };
  const address = `${location.origin.replace('http', 'ws')}/ws/${id}?author=${author()}`;
  const open = () => {
    const socket = new WebSocket(address);
    socket.binaryType = 'arraybuffer';
    return socket;
  };
  const held = [];
  const hold = (event) => held.push(event);
  let first = open();
  first.addEventListener('message', hold);
  setTimeout(() => first?.close(), 30_000);
  window.openLink = () => {
    const socket = first;
    first = undefined;
    if (!(socket?.readyState <= WebSocket.OPEN)) return open();
    queueMicrotask(() => {
      socket.removeEventListener('message', hold);
      held.splice(0).forEach((event) => socket.dispatchEvent(event));
    });
    return socket;
  };
}
