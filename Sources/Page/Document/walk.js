// Shows walks: a map of the packet flow with the way of the packet, and step by step what each rule did with it.
// hookwalkShow(element, data) fills an element; data is what `hookwalk trace --format html` puts into the page.
"use strict";

const hookwalkWords = {
  en: {
    steps: "All steps", rules: "Rules", packet: "Packet", connection: "Connection", map: "The way of the packet",
    first: "First step", previous: "Previous step", next: "Next step", last: "Last step", step: "Step",
    of: (n, m) => `step ${n} of ${m}`, all: "Show the way of every packet",
    noTable: "No table is walked at this step.", noConnection: "Connection tracking has not seen this packet yet.",
    untracked: "This packet is not tracked.", before: "before", after: "after", field: "field", now: "now",
    original: "original", reply: "reply", state: "state", status: "status", mark: "mark", began: "not remembered yet",
    matched: "matched", passed: "passed over", unreached: "not reached", later: "not reached yet", policy: "policy",
    more: (n) => `${n} more rules`, tableOf: (t, h) => `${t} at ${h}`, through: "through", bytes: "bytes",
    nothing: "nothing changes", added: (name, value) => `${name} ${value} added`, removed: (name, value) => `${name} ${value} removed`,
    packetOf: (n) => `packet ${n} of this walk`,
    events: {
      packet: (e) => ({ received: `A packet arrives on ${e.in}.`, sent: "A process of the host sends a packet.",
        looped: "The packet comes back on lo.", answer: "The host answers by itself.",
        discovery: "The host looks for its next hop on the link.", duplicate: "A rule sends a copy." })[e.reason],
      hook: (e) => `The hook ${e.hook}${e.in ? `, in ${e.in}` : ""}${e.out ? `, out ${e.out}` : ""}.`,
      hit: (e) => e.place.kind === "rule" || !/^(policy|end)/.test(e.place.text)
        ? `${e.place.name} matches: ${e.place.text}` : `${e.place.name}: ${e.place.text}`,
      change: (e) => `${e.reason === "host" ? "The host changes" : "The rule changes"} the packet: ${hookwalkChanges(e)}.`,
      nat: (e) => `NAT translates the ${e.reason}: ${hookwalkChanges(e) || hookwalkText.nothing}.`,
      conntrack: (e) => `Connection tracking: ${e.state}${e.connection ? `, connection ${e.connection.serial}` : ""}.`,
      confirmed: (e) => `Connection tracking remembers connection ${e.connection.serial}.`,
      outside: (e) => `${e.place.name} ${e.text}.`,
      neighbour: (e) => `Neighbour discovery: ${e.text}.`,
      routing: (e) => `Routing: ${e.text}.`, log: (e) => `${e.place.name} writes a log record ${e.text ?? ""}`,
      reassembled: () => "The fragments are put together.", emitted: (e) => `The packet leaves on ${e.out}.`,
      delivered: () => "The host takes the packet.", evicted: (e) => `Connection ${e.connection.serial} makes room.`,
      "table-full": (e) => `The connection table is full: ${e.text}.`, chance: () => "Chance chooses here.",
      "answer-unknown": (e) => `The host answers, but nothing here can say how: ${e.text}`,
      end: (e) => hookwalkEnd(e.disposition),
    },
    ends: {
      delivered: () => "Delivered to the host.", forwarded: (d) => `Forwarded out ${d.out}.`, sent: (d) => `Sent out ${d.out}.`,
      dropped: (d) => `Dropped by ${d.place.name}.`, rejected: (d) => `Rejected by ${d.place.name} with ${d.with}.`,
      discarded: (d) => `Dropped by the host: ${d.reason}.`, queued: (d) => `Queued to ${d.queue} by ${d.place.name}.`,
      held: () => "Waits for its other fragments.", unknown: (d) => `Unknown: ${d.reason}`,
    },
  },
};
let hookwalkText = hookwalkWords.en;
const hookwalkEnd = (end) => hookwalkText.ends[end.type](end);
/** The changes of a packet in words: `ttl: 64 -> 63`, `mss 536 added`. */
const hookwalkChanges = (event) => (event.changes ?? []).map((change) => {
  const [, name, before, after] = /^(.*?): (.*) -> (.*)$/s.exec(change) ?? [];
  if (name === undefined) return change;
  return before === "" ? hookwalkText.added(name, after) : after === "" ? hookwalkText.removed(name, before) : `${name} ${before} → ${after}`;
}).join(", ");
const hookwalkGood = new Set(["delivered", "forwarded", "sent"]);

/** Makes an element: attributes by name, `text` for its text, children behind. */
function hookwalkElement(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (key === "text") element.textContent = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter(Boolean));
  return element;
}

/** Fills `root`; arrow keys pressed anywhere in `keys` go from step to step. */
function hookwalkShow(root, data, keys = root) {
  const words = (hookwalkText = hookwalkWords[data.language] ?? hookwalkWords.en);
  const make = hookwalkElement;
  const isStep = (event) => !["miss", "table", "verdict"].includes(event.type);
  const walks = data.walks.map(({ walk, ...about }, number) => ({
    ...walk, ...about, number, steps: walk.events.map((_, index) => index).filter((index) => isStep(walk.events[index])),
  }));
  let walk = walks[0], at = 0, showsAll = false;

  const tabs = make("div", { class: "packets", role: "tablist", "aria-label": words.packet });
  const now = make("p", { class: "now", "aria-live": "polite" });
  const slider = make("input", { type: "range", min: 0, "aria-label": words.step, oninput: () => go(Number(slider.value)) });
  const count = make("output", { class: "soft" });
  const button = (sign, label, action) =>
    make("button", { type: "button", "aria-label": label, title: label, text: sign, onclick: action });
  const buttons = [
    button("|◀", words.first, () => go(0)), button("◀", words.previous, () => go(at - 1)),
    button("▶", words.next, () => go(at + 1)), button("▶|", words.last, () => go(walk.steps.length - 1)),
  ];
  const all = button(words.all, words.all, () => { showsAll = !showsAll; draw(); });
  const controls = make("div", { class: "controls", role: "group", "aria-label": words.step },
    buttons[0], buttons[1], slider, buttons[2], buttons[3], count, walks.length > 1 && all);
  const picture = make("section", { class: "picture", "aria-label": words.map });
  picture.append(...data.maps.map((text) => document.importNode(
    new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true)));
  const rules = make("section", { class: "panel", "aria-label": words.rules });
  const packet = make("section", { class: "panel", "aria-label": words.packet });
  const connection = make("section", { class: "panel", "aria-label": words.connection });
  const list = make("ol");
  const log = make("section", { class: "log panel" }, make("h2", { text: words.steps }), list);
  root.replaceChildren(tabs, picture, controls, now,
    make("div", { class: "panels" }, rules, make("div", {}, packet, connection)), log);

  const sentence = (event) => {
    const text = (words.events[event.type] ?? (() => event.type))(event) ?? event.type;
    return event.number > 0 ? `${text} (${words.packetOf(event.number + 1)})` : text;
  };
  const sign = (kind) => ({ hit: "✓", current: "▶", miss: "–", unreached: "·" })[kind];

  function select(number) {
    walk = walks[number];
    at = 0;
    slider.max = walk.steps.length - 1;
    list.replaceChildren(...walk.steps.map((index, place) => make("li", {},
      make("button", { type: "button", text: sentence(walk.events[index]), onclick: () => go(place, true) }))));
    draw();
  }
  function go(place, scrolls = false) {
    at = Math.max(0, Math.min(walk.steps.length - 1, place));
    draw();
    if (scrolls) controls.scrollIntoView({ block: "nearest" });
  }

  function draw() {
    const index = walk.steps[at], event = walk.events[index];
    slider.value = at;
    slider.setAttribute("aria-valuetext", `${words.of(at + 1, walk.steps.length)}: ${sentence(event)}`);
    count.textContent = words.of(at + 1, walk.steps.length);
    buttons[0].disabled = buttons[1].disabled = at === 0;
    buttons[2].disabled = buttons[3].disabled = at === walk.steps.length - 1;
    all.setAttribute("aria-pressed", showsAll);
    now.textContent = sentence(event);
    [...tabs.children].forEach((tab, number) => {
      tab.setAttribute("aria-selected", number === walk.number);
      tab.tabIndex = number === walk.number ? 0 : -1;
    });
    [...list.children].forEach((item, place) => {
      item.className = place === at ? "current" : "";
      if (place === at) item.setAttribute("aria-current", "step"); else item.removeAttribute("aria-current");
    });
    drawMap(index);
    drawRules(index);
    drawPacket(index);
    drawConnection(index);
    if (keys === document) history.replaceState(null, "", `#${walk.number + 1}.${at + 1}`);
  }

  function drawMap(index) {
    const current = new Set(walk.map[index]), done = new Set(walk.map.slice(0, index + 1).flat());
    const lit = new Set((showsAll ? walks : [walk]).flatMap((other) => other.map.flat()));
    // A step that lights nothing of its own happens where the last one did.
    for (let back = index; current.size === 0 && back >= 0; back--) {
      if (walk.events[back].number === walk.events[index].number) walk.map[back].forEach((name) => current.add(name));
    }
    for (const element of picture.querySelectorAll("[class*=' m-']")) {
      const name = /(?:^| )m-([a-z-]+)/.exec(element.getAttribute("class"))[1];
      element.classList.toggle("lit", lit.has(name));
      element.classList.toggle("done", done.has(name));
      element.classList.toggle("now", current.has(name));
    }
  }

  /** The events of the table visit that an event belongs to, or nothing. */
  function visit(index) {
    const number = walk.events[index].number;
    for (let start = index; start >= 0; start--) {
      const event = walk.events[start];
      if (event.number !== number) continue;
      if (event.type === "verdict" || event.type === "hook" || event.type === "conntrack") return null;
      if (event.type === "table") {
        let end = start + 1;
        while (end < walk.events.length &&
          !(walk.events[end].number === number && walk.events[end].type === "verdict")) end++;
        return { start, end, table: event.table, hook: event.hook };
      }
    }
    return null;
  }

  function drawRules(index) {
    const found = visit(index);
    rules.replaceChildren(make("h2", { text: found ? words.tableOf(found.table, found.hook) : words.rules }));
    if (!found) { rules.append(make("p", { class: "soft", text: words.noTable })); return; }
    const chains = new Map();
    const later = new Set();
    for (let place = found.start; place < found.end; place++) {
      const event = walk.events[place];
      if (event.number !== walk.events[index].number || (event.type !== "hit" && event.type !== "miss")) continue;
      if (place > index) { later.add(event.place.name); continue; }
      if (!chains.has(event.place.chain)) chains.set(event.place.chain, new Map());
      chains.get(event.place.chain).set(event.place.name,
        { kind: event.type === "miss" ? "miss" : place === index ? "current" : "hit", event });
    }
    if (chains.size === 0) chains.set(found.hook, new Map());
    for (const [name, seen] of chains) rules.append(make("h3", { text: name }), chain(found.table, name, seen, later));
  }

  /** The rules of a chain with what became of each; of a long one those around what was reached. */
  function chain(table, name, seen, later) {
    const known = data.chains[`${walk.family}/${table}/${name}`] ?? { rules: [] };
    const rows = known.rules.map(([text, location], index) => ({ text, location, place: `${table}/${name}#${index + 1}` }));
    const end = [...seen.keys()].find((place) => !place.includes("#"));
    rows.push({ text: known.policy ? `${words.policy} ${known.policy}` : seen.get(end)?.event.place.text ?? "RETURN",
      location: known.location, place: end ?? `${table}/${name} ${known.policy ? "policy" : "end"}` });
    const result = make("ol", { class: "rules" });
    const reached = rows.findLastIndex((row) => seen.has(row.place));
    const from = Math.max(0, reached - 60), to = Math.min(rows.length, Math.max(reached, 0) + 40);
    if (from > 0) result.append(make("li", { class: "unreached", "data-sign": "…", text: words.more(from) }));
    rows.slice(from, to).forEach((row) => {
      const state = seen.get(row.place);
      const kind = state?.kind ?? "unreached";
      const word = { hit: words.matched, current: words.matched, miss: words.passed,
        unreached: later.has(row.place) ? words.later : words.unreached }[kind];
      result.append(make("li", { class: kind, "data-sign": sign(kind), title: row.location },
        make("span", { class: "hidden", text: `${word}: ` }), make("code", { text: row.text }),
        state?.event.type === "miss" && make("span", { class: "why", text: state.event.text })));
    });
    if (to < rows.length) result.append(make("li", { class: "unreached", "data-sign": "…", text: words.more(rows.length - to) }));
    return result;
  }

  /** A text with the words marked that another text has not. */
  function marked(name, text, other) {
    const known = new Set(other.split(" ")), cell = make("td", { class: "mono" });
    text.split(" ").forEach((word, place) => {
      if (place > 0) cell.append(" ");
      cell.append(known.has(word) ? word : make(name, { text: word }));
    });
    return cell;
  }

  function drawPacket(index) {
    packet.replaceChildren(make("h2", { text: words.packet }));
    const number = walk.events[index].number;
    const before = walk.events.slice(0, index).findLast((event) => event.packet && event.number === number)?.packet;
    const after = walk.events[index].packet ?? before;
    if (!after) return;
    const table = make("table");
    if (before && before.hex !== after.hex) {
      table.append(make("tr", {}, make("th", { scope: "row", text: words.before }), marked("del", before.text, after.text)),
        make("tr", {}, make("th", { scope: "row", text: words.after }), marked("ins", after.text, before.text)));
    } else {
      table.append(make("tr", {}, make("th", { scope: "row", text: words.now }), make("td", { class: "mono", text: after.text })));
    }
    if (after.mark || before?.mark) {
      table.append(make("tr", {}, make("th", { scope: "row", text: words.mark }),
        make("td", { class: "mono", text: `0x${after.mark.toString(16)}` })));
    }
    packet.append(table);
    const changes = hookwalkChanges(walk.events[index]);
    if (changes) packet.append(make("p", { class: "soft", text: changes }));
    const bytes = make("details", {}, make("summary", { text: words.bytes }),
      make("code", { text: after.hex.replace(/(..)/g, "$1 ").trim() }));
    packet.append(bytes);
  }

  function drawConnection(index) {
    connection.replaceChildren(make("h2", { text: words.connection }));
    const number = walk.events[index].number;
    const seen = walk.events.slice(0, index + 1).filter((event) =>
      event.number === number && ["conntrack", "confirmed"].includes(event.type));
    const tracked = seen.findLast((event) => event.type === "conntrack");
    const last = seen.findLast((event) => event.connection)?.connection;
    if (!tracked) { connection.append(make("p", { class: "soft", text: words.noConnection })); return; }
    const table = make("table");
    const row = (name, text, before) => table.append(make("tr", {}, make("th", { scope: "row", text: name }),
      before !== undefined && before !== text ? marked("ins", text, before) : make("td", { class: "mono", text })));
    row(words.state, tracked.state);
    if (last) {
      const first = seen.find((event) => event.connection).connection;
      row(words.original, last.original, first.original);
      row(words.reply, last.reply, first.reply);
      row(words.status, last.status.join(", ") || words.began, (first.status.join(", ") || words.began));
      if (last.mark) row(words.mark, `0x${last.mark.toString(16)}`);
    } else {
      connection.append(make("p", { class: "soft", text: words.untracked }));
    }
    connection.append(table);
  }

  tabs.append(...walks.map((other) => make("button", { type: "button", role: "tab", onclick: () => select(other.number) },
    make("span", { class: "mono", text: `#${other.number + 1} ${other.title}` }), document.createElement("br"),
    make("span", { class: `end ${hookwalkGood.has(other.disposition.type) ? "good" : "bad"}`, text: hookwalkEnd(other.disposition) }))));
  tabs.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (walk.number + step + walks.length) % walks.length;
    event.preventDefault();
    event.stopPropagation();
    select(next);
    tabs.children[next].focus();
  });
  keys.addEventListener("keydown", (event) => {
    if (event.target.matches?.("textarea, input:not([type=range]), select") || event.altKey || event.ctrlKey || event.metaKey) return;
    const place = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: walk.steps.length - 1 }[event.key];
    if (place === undefined) return;
    event.preventDefault();
    go(place);
  });
  // `#2.7` is step 7 of the second packet.
  const place = /^#(\d+)\.(\d+)$/.exec(keys === document ? location.hash : "");
  select(place ? Math.max(0, Math.min(walks.length, Number(place[1])) - 1) : 0);
  if (place) go(Number(place[2]) - 1);
  return { select, go };
}
