// Nothing is changed without saying first what will happen.

import { operationId } from "/ui/api.js";
import { h } from "/ui/dom.js";
import { toast } from "/ui/widgets.js";

const dialog = document.getElementById("dialog");

/**
 * Asks before something is done. `will` is a list of sentences, or of `{loss: sentence}`; `fields`
 * are inputs with names, handed to `act(values, id)`; what it returns is told as done. The id names
 * what is asked for: when the answer is lost, the same button asks for the same thing again, which
 * is then done once; where that is not so, `again` says what another press does.
 */
export function confirm({ title, will, fields = [], act, verb, danger = false, again = "Press the button again; it is done once." }) {
  const error = h("p", { class: "error", role: "alert", hidden: true });
  const doIt = h("button", { type: "submit", class: danger ? "danger" : "primary" }, verb);
  const cancel = h("button", { type: "button", onclick: () => dialog.close() }, "Cancel");
  let asked = { words: "", id: "" };
  const named = (values) => {
    const words = JSON.stringify(values);
    asked = asked.words === words ? asked : { words, id: operationId() };
    return asked.id;
  };
  const form = h(
    "form",
    {
      method: "dialog",
      onsubmit: async (event) => {
        event.preventDefault();
        doIt.disabled = true;
        error.hidden = true;
        try {
          const values = Object.fromEntries(new FormData(form));
          const said = await act(values, named(values));
          dialog.close();
          toast(said);
        } catch (failure) {
          error.textContent = failure.isAway
            ? `Whether it was done is not known: ${failure.message}. ${again}`
            : failure.message;
          error.hidden = false;
          doIt.disabled = false;
        }
      },
    },
    h("h2", { id: "dialog-title" }, title),
    h(
      "ul",
      { class: "will" },
      will.filter(Boolean).map((one) => (one.loss ? h("li", { class: "loss" }, one.loss) : h("li", {}, one))),
    ),
    fields.map((field) =>
      h("label", { class: "field" }, field.label, h("input", { name: field.name, maxlength: 256, placeholder: field.placeholder, autocomplete: "off" })),
    ),
    error,
    h("div", { class: "foot" }, cancel, doIt),
  );
  dialog.replaceChildren(form);
  dialog.showModal();
  (form.querySelector("input") ?? (danger ? cancel : doIt)).focus();
}

/** As `confirm`, when what will happen has to be asked for first. */
export async function confirmAfter(question, ask) {
  try {
    confirm(question(await ask()));
  } catch (failure) {
    toast(failure.message, "fail");
  }
}

