// Nothing is changed without saying first what will happen.

import { h } from "/ui/dom.js";
import { toast } from "/ui/widgets.js";

const dialog = document.getElementById("dialog");

/**
 * Asks before something is done. `will` is a list of sentences, or of `{loss: sentence}`; `fields`
 * are inputs with names, handed to `act(values)`; what it returns is told as done.
 */
export function confirm({ title, will, fields = [], act, verb, danger = false }) {
  const error = h("p", { class: "error", role: "alert", hidden: true });
  const doIt = h("button", { type: "submit", class: danger ? "danger" : "primary" }, verb);
  const cancel = h("button", { type: "button", onclick: () => dialog.close() }, "Cancel");
  const form = h(
    "form",
    {
      method: "dialog",
      onsubmit: async (event) => {
        event.preventDefault();
        doIt.disabled = true;
        error.hidden = true;
        try {
          const said = await act(Object.fromEntries(new FormData(form)));
          dialog.close();
          toast(said);
        } catch (failure) {
          error.textContent = failure.message;
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

