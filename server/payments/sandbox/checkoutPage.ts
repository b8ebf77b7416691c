import { hash } from "node:crypto";
import { decimalOf, type Money, moneyOfMinor } from "#rules/money.ts";
import { defaultLocale, language } from "#words/language.ts";
import { brand, documentTitle } from "#words/layout.ts";
import {
  attemptStates,
  disputeStates,
  webhookManners as mannerWords,
  noSandboxOrder,
  paymentMethods,
  refundStates,
  sandboxCheckout,
} from "#words/sandbox.ts";
import { escapeHtml } from "../../platform/http/escapeHtml.ts";
import type { PayerAction } from "./payerActions.ts";
import { isPaid, type StoredOrder, webhookManners } from "./sandboxOrders.ts";

/** As in src/app/styles.css. */
const style = `
:root { color-scheme: light dark; --paper: light-dark(#fbf7f1, #16101a); --surface: light-dark(#fff, #211828);
  --ink: light-dark(#241a2b, #f6eff3); --soft: light-dark(#665a6b, #bfb0c3); --line: light-dark(#e6dccf, #3c2f45);
  --strong: light-dark(#8b7e90, #8f7d97); --primary: light-dark(#5a2273, #f4b740); --hover: light-dark(#46175c, #ffc95f);
  --on-primary: light-dark(#fff, #2a1a05); --tint: light-dark(#f2e7f5, #3a2b14);
  --accent: light-dark(#fdefcf, #3b2c12); --accent-text: light-dark(#734600, #ffd98a);
  --stripe: light-dark(#f2a922, #f4b740); --good: light-dark(#1c6846, #7fd8a9); --bad: light-dark(#ae2018, #ff9d92);
  --bad-soft: light-dark(#fce7e4, #451c1f); --shade: light-dark(rgb(74 40 92 / 0.16), rgb(0 0 0 / 0.55)); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 1rem/1.5 ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif; }
.ribbon { position: sticky; top: 0; background: var(--accent); color: var(--accent-text); text-align: center; padding: .75rem 1rem;
  border-bottom: .375rem solid; border-image: repeating-linear-gradient(-45deg, var(--stripe) 0 .75rem, var(--ink) .75rem 1.5rem) 6; }
.ribbon strong { display: block; font-size: 1.125rem; }
main { max-width: 34rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 1rem; padding: 1.25rem;
  box-shadow: 0 1px 2px var(--shade); }
h1 { margin: 0 0 .75rem; font-size: 1.75rem; line-height: 1.2; letter-spacing: -.01em; }
h2 { margin: 2rem 0 .75rem; font-size: 1.125rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0; }
dt, .hint { color: var(--soft); }
dd { margin: 0; }
p { margin: .75rem 0 0; }
.hint { font-size: .875rem; font-weight: 400; }
.problem { margin: 0 0 1rem; padding: .75rem 1rem; border-radius: .75rem; background: var(--bad-soft); color: var(--bad); }
.pay { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: .75rem; margin-top: 1.25rem; }
button, select { font: inherit; color: inherit; border-radius: .75rem; min-height: 2.75rem; }
button { cursor: pointer; }
.pay button { border: 0; padding: .75rem 1rem; background: var(--primary); color: var(--on-primary); font-weight: 600; }
.pay button:hover { background: var(--hover); }
.ways { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 1rem; overflow: hidden;
  background: var(--surface); }
.ways li + li { border-top: 1px solid var(--line); }
.ways button { display: block; width: 100%; border: 0; border-radius: 0; padding: .75rem 1.25rem; background: none;
  text-align: start; font-weight: 600; }
.ways button:hover { background: var(--tint); }
.ways .hint { display: block; }
.when { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem .75rem; padding: 0 1.25rem .75rem; }
.field { display: grid; gap: .375rem; margin-top: 1.5rem; font-weight: 600; }
select { padding: .5rem .75rem; border: 1px solid var(--strong); background: var(--surface); }
.field select { width: 100%; font-weight: 400; }
:is(button, select, a):focus-visible { outline: 3px solid var(--primary); outline-offset: 2px; }
.ways button:focus-visible { outline-offset: -3px; border-radius: 1rem; }
.leave { display: inline-block; margin-top: 1.5rem; padding: .625rem 0; color: light-dark(#5a2273, #fbc75c); }
.attempts { list-style: none; margin: 0; padding: .5rem 1.25rem; }
.attempts li { padding: .5rem 0; }
.method::after { content: " · "; white-space: pre; }
.attempts li + li { border-top: 1px solid var(--line); }
.captured, .authorized { color: var(--good); }
.failed { color: var(--bad); }
@media (forced-colors: active) { .pay button, .ways button { border: 1px solid; } }
`;

/** Nothing but this page's own style, the icon, and forms to this site. */
export const checkoutPolicy = `default-src 'none'; img-src 'self'; style-src 'sha256-${hash("sha256", style, "base64")}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;

/** Offered for a payment that succeeds later: within the hold of a time, and after it. */
const laterMinutes = [1, 2, 5, 15, 30] as const;

interface CheckoutView {
  order: StoredOrder;
  /** A path of this site. */
  returnPath: string;
  /** Why the last action was not done. */
  problem?: string;
}

/** The page on which a payer pays, or does what payers also do. */
export function checkoutPage({ order, returnPath, problem }: CheckoutView): string {
  const amount = moneyOfMinor(order.amount_minor, order.currency);
  const title = titleOf(order)(format(amount));
  const isOpen = !isPaid(order) && order.state === "open";
  const hint = isOpen
    ? order.capture === "manual" && sandboxCheckout.reserves
    : !isPaid(order) && sandboxCheckout.closed;
  return page(
    title,
    `${problem ? `<p class="problem" role="alert">${escapeHtml(problem)}</p>` : ""}
<form method="post" action="/sandbox-checkout/${escapeHtml(order.id)}/actions">
<input type="hidden" name="return" value="${escapeHtml(returnPath)}">
<div class="card"><h1>${escapeHtml(title)}</h1>
<dl><dt>${sandboxCheckout.for}</dt><dd>${escapeHtml(order.description)}</dd><dt>${sandboxCheckout.to}</dt><dd>${brand}</dd></dl>
${hint ? `<p class="hint">${hint}</p>` : ""}
${isOpen ? `<div class="pay">${plainButton("pay_upi", sandboxCheckout.upi)}${plainButton("pay_card", sandboxCheckout.card)}</div>` : ""}
</div>
${attemptList(order)}
<h2>${isOpen ? sandboxCheckout.otherEndings : sandboxCheckout.nextSteps}</h2>
<ul class="ways">${waysOf(order, isOpen).join("")}</ul>
<label class="field"><span>${sandboxCheckout.webhooks}</span><select name="webhooks">${webhookManners.map((manner) => option(manner, mannerWords[manner], manner === order.webhooks)).join("")}</select></label>
<a class="leave" href="${escapeHtml(returnPath)}">${isOpen ? sandboxCheckout.leave : sandboxCheckout.goBack}</a>
</form>`,
  );
}

/** For an address without an order. */
export function noOrderPage(): string {
  return page(
    noSandboxOrder.title,
    `<h1>${noSandboxOrder.title}</h1><p>${noSandboxOrder.detail}</p><a class="leave" href="/sessions">${sandboxCheckout.goBack}</a>`,
  );
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><link rel="icon" type="image/svg+xml" href="/favicon.svg"><title>${escapeHtml(documentTitle(title))}</title><style>${style}</style></head>
<body><header class="ribbon"><strong>${sandboxCheckout.ribbon}</strong><span>${sandboxCheckout.ribbonDetail}</span></header><main>${body}</main></body></html>`;
}

function titleOf(order: StoredOrder): (amount: string) => string {
  const has = (wanted: string) => order.attempts.some(({ state }) => state === wanted);
  if (has("captured")) return sandboxCheckout.paidTitle;
  if (has("authorized")) return sandboxCheckout.reservedTitle;
  if (has("released")) return sandboxCheckout.releasedTitle;
  return order.state === "open" ? sandboxCheckout.title : sandboxCheckout.closedTitle;
}

/** What else a payer may do with the order as it is. */
function waysOf(order: StoredOrder, isOpen: boolean): string[] {
  if (isOpen) {
    return [
      way("fail", sandboxCheckout.fail, sandboxCheckout.failHint),
      way("pay_twice", sandboxCheckout.twice, sandboxCheckout.twiceHint),
      way("pay_told_late", sandboxCheckout.toldLate, sandboxCheckout.toldLateHint),
      way(
        "pay_later",
        sandboxCheckout.later,
        sandboxCheckout.laterHint,
        `<label class="when"><span>${sandboxCheckout.after}</span><select name="minutes">${laterMinutes.map((count) => option(String(count), sandboxCheckout.minutes(count), count === 1)).join("")}</select></label>`,
      ),
    ];
  }
  if (!isPaid(order)) return [way("pay_too_late", sandboxCheckout.tooLate, sandboxCheckout.tooLateHint)];
  const captured = order.attempts.filter(({ state }) => state === "captured");
  return [
    ...(captured.some(({ dispute }) => dispute === null)
      ? [way("dispute", sandboxCheckout.dispute, sandboxCheckout.disputeHint)]
      : []),
    ...(captured.some(({ dispute }) => dispute === "open")
      ? [way("dispute_won", sandboxCheckout.disputeWon), way("dispute_lost", sandboxCheckout.disputeLost)]
      : []),
    order.refunds_fail
      ? way("refunds_succeed", sandboxCheckout.refundsSucceed)
      : way("refunds_fail", sandboxCheckout.refundsFail, sandboxCheckout.refundsFailHint),
  ];
}

function attemptList({ attempts, currency }: StoredOrder): string {
  if (attempts.length === 0) return "";
  const lines = attempts.map(({ state, method, dispute, failure_message, refunds }) => {
    const more = [
      ...(failure_message === null ? [] : [failure_message]),
      ...(dispute === null ? [] : [disputeStates[dispute]]),
      ...refunds.map((refund) =>
        refundStates[refund.state](format(moneyOfMinor(refund.amount_minor, currency))),
      ),
    ];
    return `<li><span class="method">${paymentMethods[method]}</span><strong class="${state}">${attemptStates[state]}</strong>${more
      .map((line) => `<div class="hint">${escapeHtml(line)}</div>`)
      .join("")}</li>`;
  });
  return `<h2>${sandboxCheckout.attempts}</h2><ul class="card attempts">${lines.join("")}</ul>`;
}

function plainButton(action: PayerAction, label: string): string {
  return `<button name="action" value="${action}">${label}</button>`;
}

function way(action: PayerAction, label: string, hint = "", more = ""): string {
  const detail = hint && `<span class="hint">${hint}</span>`;
  return `<li><button name="action" value="${action}"><span>${label}</span>${detail}</button>${more}</li>`;
}

function option(value: string, label: string, isSelected: boolean): string {
  return `<option value="${value}"${isSelected ? " selected" : ""}>${label}</option>`;
}

function format(money: Money): string {
  const amount = decimalOf(money);
  return new Intl.NumberFormat(defaultLocale, {
    style: "currency",
    currency: money.currency,
    minimumFractionDigits: Number.isInteger(amount) ? 0 : 2,
  }).format(amount);
}
