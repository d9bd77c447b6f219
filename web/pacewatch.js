// SPDX-License-Identifier: GPL-3.0-or-later
// Comfort only: every page works without it. A change of month or day shows at once; a click on a level leaves only that
// level's cells and rows in full ink.
"use strict";

for (const form of document.querySelectorAll("form.selector")) {
    form.querySelector("select")?.addEventListener("change", () => form.requestSubmit());
    // An empty field need not stand in the address.
    form.addEventListener("submit", () => {
        for (const field of form.querySelectorAll("input"))
            field.disabled = field.value === "";
    });
}
// Coming back with the browser's "back", the fields are usable again.
window.addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("form.selector input"))
        field.disabled = false;
});

function showOnly(level) {
    document.body.classList.toggle("filtered", level !== null);
    for (const part of document.querySelectorAll("td[data-level], tr[data-level]"))
        part.classList.toggle("off", level !== null && part.dataset.level !== level);
}

const entries = [...document.querySelectorAll(".counts li[data-level]")];
for (const entry of entries) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    button.append(...entry.childNodes);
    entry.append(button);
    button.addEventListener("click", () => {
        const on = button.getAttribute("aria-pressed") !== "true";
        for (const other of entries)
            other.firstElementChild.setAttribute("aria-pressed", String(on && other === entry));
        showOnly(on ? entry.dataset.level : null);
    });
}
