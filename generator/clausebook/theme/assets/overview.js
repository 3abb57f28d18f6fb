/* Clausebook: tables of the trust's overview can be sorted and filtered, and its picture walked
   through with the arrow keys, where scripts run. Without it everything is there all the same. */
(() => {
  "use strict";

  const make = (tag, words = "", settings = {}) => {
    const made = document.createElement(tag);
    made.textContent = words;
    for (const [name, value] of Object.entries(settings)) made.setAttribute(name, value);
    return made;
  };

  /* What a cell says, for comparing: a day as 2026-09-04, anything else as its words. */
  const said = (cell) =>
    cell.querySelector("time")?.getAttribute("datetime") ?? cell.textContent.trim();
  /* What a cell can be chosen by: its flags, or its words as a whole. */
  const choices = (cell) => {
    const flags = [...cell.querySelectorAll(".cb-flag")].map((flag) => flag.textContent.trim());
    return flags.length ? flags : [cell.textContent.trim()];
  };
  const order = new Intl.Collator("en-GB", { numeric: true });

  let number = 0;
  const start = (grid) => {
    const table = grid.querySelector("table");
    const body = table?.tBodies[0];
    if (!body || !table.tHead) return;
    const heads = [...table.tHead.rows[0].cells];
    const titles = heads.map((head) => head.textContent.trim());
    const rows = [...body.rows];
    const label = grid.dataset.label ?? "Rows";
    if (!table.caption) table.setAttribute("aria-label", label);
    number += 1;

    const controls = make("div", "", { class: "cb-controls", role: "group" });
    controls.setAttribute("aria-label", `Filter: ${label}`);
    const told = make("p", "", { class: "cb-told", role: "status" });
    const field = (words, control) => {
      control.id = `cb-grid-${number}-${controls.childElementCount}`;
      const box = make("div", "", { class: "cb-field" });
      box.append(make("label", words, { for: control.id }), control);
      controls.append(box);
      return control;
    };

    const words = field("Containing", make("input", "", { type: "search" }));
    const picked = [];
    for (const title of (grid.dataset.choose ?? "").split(",").filter(Boolean)) {
      const at = titles.indexOf(title);
      const found = new Set(rows.flatMap((row) => choices(row.cells[at])));
      if (at < 0 || found.size < 2) continue;
      const select = field(title, make("select"));
      select.append(new Option("all", ""));
      for (const choice of [...found].sort(order.compare)) select.append(new Option(choice, choice));
      picked.push([at, select]);
    }

    const show = () => {
      const wanted = words.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        const on =
          wanted.every((word) => text.includes(word)) &&
          picked.every(([at, { value }]) => !value || choices(row.cells[at]).includes(value));
        row.hidden = !on;
        shown += Number(on);
      }
      told.textContent =
        shown === rows.length ? `${shown} rows` : `Showing ${shown} of ${rows.length} rows`;
    };
    controls.addEventListener("input", show);

    /* By a column: up, then down, then as the page came. */
    const sort = (at, way) => {
      heads.forEach((head, other) => {
        if (other === at && way) head.setAttribute("aria-sort", way);
        else head.removeAttribute("aria-sort");
      });
      const sign = way === "descending" ? -1 : 1;
      const sorted = way
        ? [...rows].sort((one, two) => sign * order.compare(said(one.cells[at]), said(two.cells[at])))
        : rows;
      body.append(...sorted);
    };
    const after = { ascending: "descending", descending: "" };
    heads.forEach((head, at) => {
      if (head.matches(".cb-section")) return;
      const button = make("button", titles[at], { type: "button", class: "cb-sort" });
      button.addEventListener("click", () => {
        sort(at, after[head.getAttribute("aria-sort")] ?? "ascending");
      });
      head.replaceChildren(button);
    });

    grid.prepend(controls, told);
    show();
  };
  for (const grid of document.querySelectorAll(".cb-grid")) start(grid);

  /* ---- The picture: one stop for the tab key, arrow keys from mark to mark ------------------- */

  const map = document.querySelector(".cb-picture table");
  if (!map) return;
  const caption = make("p", "", { class: "cb-caption", "aria-hidden": "true" });
  const hint = "Point at a mark, or reach it with Tab and the arrow keys, to read what it is.";
  caption.textContent = hint;
  map.closest(".cb-picture").after(caption);
  const marksIn = (row) => [...row.querySelectorAll("td a")];
  const all = [...map.querySelectorAll("td a")];
  for (const mark of all) mark.setAttribute("tabindex", "-1");
  all[0]?.setAttribute("tabindex", "0");

  const nearest = (marks, from) => {
    const x = (mark) => mark.getBoundingClientRect().x;
    const far = (mark) => Math.abs(x(mark) - x(from));
    return marks.reduce((best, mark) => (best && far(best) <= far(mark) ? best : mark), null);
  };
  const next = (mark, key) => {
    const rows = [...map.tBodies[0].rows].filter((row) => !row.hidden && marksIn(row).length);
    const at = rows.indexOf(mark.closest("tr"));
    const marks = marksIn(rows[at]);
    const place = marks.indexOf(mark);
    switch (key) {
      case "ArrowRight":
        return marks[place + 1];
      case "ArrowLeft":
        return marks[place - 1];
      case "ArrowDown":
        return rows[at + 1] && nearest(marksIn(rows[at + 1]), mark);
      case "ArrowUp":
        return rows[at - 1] && nearest(marksIn(rows[at - 1]), mark);
      case "Home":
        return marks[0];
      case "End":
        return marks.at(-1);
      default:
        return null;
    }
  };
  map.addEventListener("keydown", (event) => {
    const mark = event.target.closest("td a");
    const to = mark && next(mark, event.key);
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
  map.addEventListener("focusin", (event) => {
    const mark = event.target.closest("td a");
    if (!mark) return;
    for (const other of all) other.setAttribute("tabindex", other === mark ? "0" : "-1");
  });
  const tell = (event) => {
    const mark = event.target.closest("td a");
    if (mark) caption.textContent = mark.querySelector("title").textContent;
  };
  map.addEventListener("focusin", tell);
  map.addEventListener("pointerover", tell);
})();
