"""The style of the report's page."""

# Copyright: (c) 2026, postern.mail contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark;
  --page: #f5f6f8; --card: #fff; --ink: #1b1f27; --soft: #5d6675; --line: #e2e5ea;
  --good: #14804a; --good-soft: #e3f4ea; --bad: #c02a32; --bad-soft: #fdeaea;
  --warn: #9a6200; --dim: #8a93a1; --dim-soft: #eef0f3; --code: #f7f8fa; --out: #1f5fae; }
@media (prefers-color-scheme: dark) { :root {
  --page: #12151b; --card: #1b2029; --ink: #e8ebf0; --soft: #9ba5b4; --line: #2c333f;
  --good: #4fca8a; --good-soft: #17352a; --bad: #ff7b7f; --bad-soft: #3d1f24;
  --warn: #f0b44c; --dim: #7d8796; --dim-soft: #262c37; --code: #151920; --out: #7fb4ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem 1.25rem 3rem; background: var(--page);
  color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans",
  "DejaVu Sans", sans-serif; }
h1, h2, h3, p, ul { margin: 0; padding: 0; } ul { list-style: none; } a { color: inherit; }
small { font-size: .55em; font-weight: 500; color: var(--soft); }
header { background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  padding: 1.6rem 1.8rem; display: flex; flex-wrap: wrap; gap: 1.4rem 2.5rem;
  align-items: center; justify-content: space-between; border-top: 5px solid var(--tone); }
header.kept { --tone: var(--good); } header.broken { --tone: var(--bad); }
.lead { display: flex; gap: 1.3rem; align-items: center; }
h1 { font-size: 1.65rem; line-height: 1.2; letter-spacing: -.01em; color: var(--tone); }
.title { color: var(--soft); } .made { color: var(--soft); font-size: .87rem; margin-top: .25rem; }
.ring { flex: none; width: 5.2rem; height: 5.2rem; border-radius: 50%; display: grid;
  place-items: center; background:
  radial-gradient(closest-side, var(--card) 79%, transparent 80%),
  conic-gradient(var(--good) var(--share), var(--bad) 0); }
.ring span { font-size: 1.45rem; font-weight: 650; line-height: 1.05; text-align: center; }
.ring small { display: block; font-size: .72rem; }
.cards { display: flex; flex-wrap: wrap; gap: .6rem 2rem; }
.cards b { display: block; font-size: 1.6rem; font-weight: 600; line-height: 1.2; }
.cards span { color: var(--soft); font-size: .84rem; }
.cards .bad b, td.bad { color: var(--bad); } .cards .warn b, td.warn { color: var(--warn); }
.cards .dim b { color: var(--dim); }
.filter { margin: 1rem .3rem .2rem; color: var(--soft); font-size: .9rem; }
.filter input { accent-color: var(--soft); margin-right: .45rem; vertical-align: -1px; }
body:has(#only:checked) .row.kept, body:has(#only:checked) .certificates,
body:has(#only:checked) .topic:not(:has(.broken, .skipped)) { display: none; }
section { margin-top: 1.2rem; }
.alarm { background: var(--bad-soft); border-radius: 14px; padding: 1.1rem 1.8rem; }
.alarm h2 { font-size: 1.05rem; color: var(--bad); } .alarm li { margin-top: .55rem; }
.alarm a { font-weight: 600; } .alarm em { color: var(--soft); font-style: normal; }
.alarm p { color: var(--soft); overflow-wrap: anywhere; }
.host { background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  padding: 1.4rem 1.8rem 1.6rem; }
.name { display: flex; flex-wrap: wrap; gap: .2rem 1rem; align-items: baseline; }
.name h2 { font-size: 1.3rem; } .name p { color: var(--soft); flex: 1; }
.pill { display: inline-block; border-radius: 99px; padding: .05rem .7rem; font-size: .84rem;
  font-weight: 600; margin-right: .35rem; }
.pill.kept { background: var(--good-soft); color: var(--good); }
.pill.broken { background: var(--bad-soft); color: var(--bad); }
.pill.skipped { background: var(--dim-soft); color: var(--soft); }
.certificates { border-collapse: collapse; width: 100%; margin-top: 1rem; font-size: .9rem; }
.certificates th { text-align: left; font-weight: 500; color: var(--soft); }
td:nth-child(3) { white-space: nowrap; }
.certificates th, .certificates td { padding: .3rem .8rem .3rem 0;
  border-bottom: 1px solid var(--line); }
.bar { display: inline-block; vertical-align: middle; width: 7rem; height: .45rem; margin-right:
  .7rem; border-radius: 9px; background: var(--dim-soft); overflow: hidden; }
.bar span { display: block; height: 100%; border-radius: 9px; background: var(--good); }
.warn .bar span { background: var(--warn); } .bad .bar span { background: var(--bad); }
.topic { margin-top: 1.3rem; }
h3 { font-size: .8rem; font-weight: 650; text-transform: uppercase; letter-spacing: .07em;
  color: var(--soft); padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
.row { border-bottom: 1px solid var(--line); } .row:target { background: var(--bad-soft); }
summary { display: grid; grid-template-columns: 1.5rem minmax(0, 1.5fr) minmax(0, 1fr) 4.2rem;
  gap: .7rem; align-items: baseline; padding: .42rem .2rem; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary:hover { background: var(--code); }
summary:focus-visible { outline: 2px solid var(--out); outline-offset: -2px; border-radius: 6px; }
summary i { font-style: normal; font-weight: 700; text-align: center; width: 1.4rem;
  height: 1.4rem; line-height: 1.4rem; border-radius: 50%; font-size: .8rem; }
.kept i { background: var(--good-soft); color: var(--good); }
.broken i { background: var(--bad); color: var(--card); }
.skipped i { background: var(--dim-soft); color: var(--dim); }
.broken .promise { font-weight: 600; } .skipped .promise { color: var(--soft); }
.detail { color: var(--soft); font-size: .87rem; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; }
[open] .detail { white-space: normal; overflow-wrap: anywhere; }
.broken .detail { color: var(--bad); }
.time { color: var(--dim); font-size: .84rem; text-align: right;
  font-variant-numeric: tabular-nums; }
.more { padding: .1rem .2rem .8rem 2.4rem; color: var(--soft); font-size: .84rem; }
.said { margin-top: .4rem; background: var(--code); border-radius: 8px; padding: .6rem .9rem; }
code { font: .82rem/1.55 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.said code { display: block; white-space: pre-wrap; overflow-wrap: anywhere; }
.said .out { color: var(--out); } .said .in { color: var(--ink); }
.said .note { color: var(--dim); }
footer { margin-top: 1.6rem; text-align: center; color: var(--dim); font-size: .84rem; }
@media (max-width: 46rem) { body { padding: .7rem; } header, .host, .alarm { padding: 1.1rem; }
  summary { grid-template-columns: 1.5rem minmax(0, 1fr) 4rem; row-gap: .1rem; }
  summary .detail { grid-column: 2 / -1; grid-row: 2; }
  .certificates th:last-child, .certificates td:last-child { display: none; }
  .bar { width: 3.5rem; } }
@media print { :root { --page: #fff; --code: #fff; color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 10.5px; } .filter, .more { display: none; }
  .broken .more { display: block; } header, .host { border-color: #bbb; padding: .8rem; }
  .row, tr { break-inside: avoid; } .detail { white-space: normal; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""
