/* Clausebook: what the frame of a page adds where scripts run. Every page works without it. */
(() => {
  "use strict";
  const root = document.documentElement;
  const KEY = "clausebook-colours";
  root.classList.replace("no-js", "js");

  /* A page from a disk, or a browser set to keep nothing, may have no storage. */
  const recall = () => {
    try {
      return localStorage.getItem(KEY) || "";
    } catch {
      return "";
    }
  };
  const keep = (scheme) => {
    try {
      if (scheme) localStorage.setItem(KEY, scheme);
      else localStorage.removeItem(KEY);
    } catch {
      /* The choice then holds for this page only. */
    }
  };
  const show = (scheme) => {
    if (scheme === "light" || scheme === "dark") root.dataset.cbScheme = scheme;
    else delete root.dataset.cbScheme;
  };
  show(recall());

  const chooseColours = () => {
    const choice = document.getElementById("cb-scheme");
    if (!choice) return;
    choice.value = root.dataset.cbScheme || "";
    choice.addEventListener("change", () => {
      show(choice.value);
      keep(choice.value);
    });
  };

  /* The menu closes with Escape, and when the reader goes elsewhere. */
  const closeMenu = () => {
    const menu = document.querySelector("details.cb-menu");
    if (!menu) return;
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    const elsewhere = (event) => {
      if (!menu.contains(event.target)) menu.open = false;
    };
    document.addEventListener("click", elsewhere);
    document.addEventListener("focusin", elsewhere);
  };

  /* A table that fits needs no stop for the keyboard. */
  const freeTables = () => {
    for (const box of document.querySelectorAll(".cb-scroll")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };

  /* The contents list beside the page keeps up with the reader. */
  const followReader = () => {
    const links = [...document.querySelectorAll(".cb-side--contents a")];
    const parts = links
      .map((link) => [link, document.getElementById(decodeURIComponent(link.hash.slice(1)))])
      .filter(([, part]) => part);
    if (!parts.length) return;
    let waiting = false;
    const mark = () => {
      waiting = false;
      const above = parts.filter(
        ([, part]) => part.getClientRects().length && part.getBoundingClientRect().top < 140,
      );
      const now = above.length ? above[above.length - 1][0] : null;
      for (const link of links) {
        if (link !== now) link.removeAttribute("aria-current");
        else if (!link.hasAttribute("aria-current")) {
          link.setAttribute("aria-current", "true");
          const side = link.closest(".cb-side");
          const [box, at] = [side.getBoundingClientRect(), link.getBoundingClientRect()];
          if (at.top < box.top || at.bottom > box.bottom) {
            side.scrollTop += at.top - box.top - box.height / 3;
          }
        }
      }
    };
    document.addEventListener(
      "scroll",
      () => {
        if (!waiting) requestAnimationFrame(mark);
        waiting = true;
      },
      { passive: true },
    );
    mark();
  };

  document.addEventListener("DOMContentLoaded", () => {
    chooseColours();
    closeMenu();
    freeTables();
    followReader();
    addEventListener("resize", freeTables);
  });
})();
