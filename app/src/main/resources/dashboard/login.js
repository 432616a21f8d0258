// Exchanges the one-time code behind the # of a login link for a cookie. What stands behind the #
// is never sent with a request and never logged; it leaves the address bar before anything else.

const code = location.hash.slice(1);
const words = document.getElementById("words");

async function logIn() {
  history.replaceState(null, "", "/login");
  words.textContent = "Logging in …";
  try {
    const answer = await fetch("/login", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ code }),
    });
    if (answer.ok) {
      location.replace("/");
      return;
    }
    const said = await answer.json().catch(() => ({}));
    words.textContent = `Not logged in: ${said.error?.message ?? `the daemon answered ${answer.status}`}.`;
  } catch {
    words.textContent = "Not logged in: the daemon does not answer. Reload this page when it is back, with a new link.";
  }
}

if (code !== "") {
  logIn();
}
// A link that is pasted into this very page changes nothing but what stands behind the #.
addEventListener("hashchange", () => location.reload());
