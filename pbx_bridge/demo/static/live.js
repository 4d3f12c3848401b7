// A socket that comes back by itself; while it is away the page says so and its buttons rest.

const PAUSES = [250, 500, 1000, 2000];

export function live(path, show) {
  const offline = document.getElementById("offline");
  let socket, tries = 0;

  function connect() {
    socket = new WebSocket(new URL(path, location.href.replace(/^http/, "ws")));
    socket.onopen = () => { tries = 0; state(true); };
    socket.onmessage = (event) => show(JSON.parse(event.data));
    socket.onclose = () => {
      state(false);
      setTimeout(connect, PAUSES[Math.min(tries++, PAUSES.length - 1)]);
    };
  }

  function state(up) {
    offline.hidden = up;
    document.body.toggleAttribute("data-offline", !up);
  }

  connect();
  return (wish) => { if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(wish)); };
}
