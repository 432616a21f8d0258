// Begins the pages. When the daemon goes away while they are being loaded, what is missing is asked
// for again until it is there: a page must never stay blank.

const FIRST_PAUSE_MILLIS = 500;
const MOST_PAUSE_MILLIS = 10_000;
// Outlives a reload, so that pauses grow over all attempts of this tab.
const ATTEMPTS = "planaria-attempts";

const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

async function isReady() {
  try {
    return (await fetch("/readyz", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

try {
  await import("/ui/app.js");
  sessionStorage.removeItem(ATTEMPTS);
} catch (error) {
  console.warn(error);
  document.getElementById("main").textContent =
    "The pages could not be loaded, since the daemon does not answer. It is tried again by itself; planaria status, where the daemon runs, says what is wrong.";
  const attempts = Number(sessionStorage.getItem(ATTEMPTS) ?? 0);
  sessionStorage.setItem(ATTEMPTS, attempts + 1);
  do {
    await pause(Math.min(FIRST_PAUSE_MILLIS * 2 ** attempts, MOST_PAUSE_MILLIS));
  } while (!(await isReady()));
  location.reload();
}
