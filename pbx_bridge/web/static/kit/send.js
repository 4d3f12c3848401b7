// Asks the server with a form's token.

export async function send(form, path, fields) {
  const body = new URLSearchParams(fields);
  const headers = { "X-CSRF-Token": form.elements.csrf.value };
  const response = await fetch(path, { method: "POST", body, headers });
  return response.ok ? response.json() : null;
}
