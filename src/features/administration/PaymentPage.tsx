import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { Me } from "#contract/accounts.ts";
import type { AdminPayment } from "#contract/reconciliation.ts";
import { admin } from "#words/administration.ts";
import { adminMoney, adminPaymentPage, moneyTroubles, moneyWords } from "#words/adminMoney.ts";
import { useProof } from "@/features/accounts/settings/useProof.tsx";
import { adminPaths } from "@/lib/adminPaths.ts";
import { paths } from "@/lib/paths.ts";
import { adminKeys } from "@/lib/queryKeys.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatDayAndTime } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Badge } from "@/ui/Badge.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { addressOf, amountText, type PaymentId, paymentQuery } from "./moneyQueries.ts";
import { act } from "./queries.ts";
import { ReasonedDialog } from "./ReasonedDialog.tsx";
import { RefundByHandDialog } from "./RefundByHandDialog.tsx";

/** One payment: at the provider, as a booking and in the ledger, and what puts it right. */
export function PaymentPage({ id, me }: { id: PaymentId; me: Me }) {
  const { data: payment, error, refetch } = useQuery(paymentQuery(id));
  if (payment) return <Payment payment={payment} me={me} />;
  return error ? <ProblemState title={admin.failed} error={error} onRetry={refetch} /> : <PageLoading />;
}

function Payment({ payment, me }: { payment: AdminPayment; me: Me }) {
  const timeZone = useViewerTimeZone();
  const { booking, troubles, currency } = payment;
  return (
    <div className="space-y-6">
      <div>
        <Link
          to={paths.admin("money")}
          className="tap font-semibold text-primary-text underline underline-offset-4"
        >
          {adminPaymentPage.back}
        </Link>
        <h2 className="mt-2 flex flex-wrap items-baseline gap-x-3 text-heading">
          <bdi>{booking?.title ?? adminMoney.package}</bdi>
          <span className="tabular-nums">{amountText(payment.amount, currency)}</span>
        </h2>
      </div>
      {troubles.map((trouble) => (
        <Alert
          key={trouble}
          announce={false}
          tone={trouble === "orphaned" ? "bad" : "warning"}
          title={moneyTroubles[trouble]?.title ?? trouble}
        >
          <p>{moneyTroubles[trouble]?.advice}</p>
          {payment.since && (
            <p className="text-sm">{adminMoney.since(formatDayAndTime(payment.since, timeZone))}</p>
          )}
        </Alert>
      ))}
      <div className="grid gap-4 lg:grid-cols-3">
        <AtProvider payment={payment} />
        <AsBooking payment={payment} />
        <InLedger payment={payment} />
      </div>
      <Actions payment={payment} me={me} />
      <History payment={payment} />
    </div>
  );
}

function AtProvider({ payment }: { payment: AdminPayment }) {
  const timeZone = useViewerTimeZone();
  const { attempts, currency, provider, order_id: orderId } = payment;
  const paying = attempts.find(({ verdict }) => verdict === "accepted") ?? attempts.at(-1);
  const { facts } = adminPaymentPage;
  return (
    <Column title={adminPaymentPage.atProvider}>
      <Facts
        rows={[
          [facts.state, `${moneyWords.states[payment.state]} · ${adminMoney.providers[provider]}`],
          [facts.order, orderId ?? adminPaymentPage.noOrder],
          [facts.captured, amountText(payment.captured, currency)],
          [facts.refunded, amountText(payment.refunded, currency)],
          [facts.method, paying?.method && (moneyWords.methods[paying.method] ?? paying.method)],
          [facts.fee, paying && paying.fee !== null ? amountText(paying.fee, paying.currency) : null],
          [
            facts.paidOut,
            paying?.settled_at &&
              `${formatDayAndTime(paying.settled_at, timeZone)} · ${paying.settlement_id}`,
          ],
          [facts.dispute, paying?.dispute ? moneyWords.disputes[paying.dispute] : null],
        ]}
      />
      {provider === "sandbox" && orderId && (
        // A page of the server's, not of this app.
        <a href={`/sandbox-checkout/${encodeURIComponent(orderId)}`} className={secondary}>
          {adminPaymentPage.sandboxPage}
        </a>
      )}
    </Column>
  );
}

function AsBooking({ payment: { booking, student_id } }: { payment: AdminPayment }) {
  const timeZone = useViewerTimeZone();
  const { facts } = adminPaymentPage;
  return (
    <Column title={adminPaymentPage.booking}>
      {booking ? (
        <Facts
          rows={[
            [facts.status, moneyWords.bookingStatuses[booking.status] ?? booking.status],
            [facts.payment, moneyWords.paymentStatuses[booking.payment_status]],
            [facts.starts, formatDayAndTime(booking.starts_at, timeZone)],
            [facts.student, booking.student_name],
            [facts.mentor, booking.mentor_name],
          ]}
        />
      ) : (
        <p>{adminPaymentPage.noBooking}</p>
      )}
      <Link to={adminPaths.person(student_id)} className={secondary}>
        {adminPaymentPage.studentPage}
      </Link>
    </Column>
  );
}

function InLedger({ payment: { ledger, books, currency, refundable } }: { payment: AdminPayment }) {
  const timeZone = useViewerTimeZone();
  const { facts } = adminPaymentPage;
  return (
    <Column title={adminPaymentPage.ledger}>
      <Facts
        rows={[
          [facts.held, amountText(ledger.held, currency)],
          [facts.owed, amountText(ledger.owed, currency)],
          [
            facts.earned,
            ledger.earned_at ? formatDayAndTime(ledger.earned_at, timeZone) : adminPaymentPage.notEarned,
          ],
          [facts.left, amountText(refundable, currency)],
        ]}
      />
      {books.length === 0 ? (
        <p className="text-sm text-ink-soft">{adminPaymentPage.booksAgree}</p>
      ) : (
        <Alert tone="bad" announce={false} title={adminPaymentPage.booksDiffer}>
          {books.map((fault) => (
            <p key={fault}>{moneyWords.books[fault]}</p>
          ))}
        </Alert>
      )}
    </Column>
  );
}

const secondary = buttonVariants({ variant: "secondary", size: "sm", className: "mt-auto self-start" });

function Column({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card className="flex min-w-0 flex-col gap-4 p-4 sm:p-5">
      <h3 className="font-semibold">{title}</h3>
      {children}
    </Card>
  );
}

function Facts({ rows }: { rows: [string, string | null | undefined][] }) {
  return (
    <dl className="grid gap-2 text-sm">
      {rows.map(
        ([name, value]) =>
          value && (
            <div key={name} className="flex flex-wrap justify-between gap-x-4">
              <dt className="text-ink-soft">{name}</dt>
              <dd className="min-w-0 break-all tabular-nums">
                <bdi>{value}</bdi>
              </dd>
            </div>
          ),
      )}
    </dl>
  );
}

type Asking = "sync" | "refund" | "release" | "settle" | { retry: string; amount: string };

function Actions({ payment, me }: { payment: AdminPayment; me: Me }) {
  const [asking, setAsking] = useState<Asking | null>(null);
  const queryClient = useQueryClient();
  const { withProof, proofDialog } = useProof(me);
  const address = addressOf({ mentorId: payment.mentor_id, paymentId: payment.id });
  const close = () => setAsking(null);
  /** Whether it was done: a person who does not prove who they are has cancelled it. */
  async function send(path: string, body: unknown, done: string): Promise<boolean> {
    const ended = await withProof(async () => {
      await act(`${address}/${path}`, body);
      return true;
    });
    if (!ended) return false;
    toast.success(done);
    await queryClient.invalidateQueries({ queryKey: adminKeys.all });
    return true;
  }
  const hasReservation =
    (payment.state === "authorized" && payment.closed_because !== null) ||
    payment.attempts.some(({ state, verdict }) => state === "authorized" && verdict !== "accepted");
  const dialogs = {
    sync: (reason: string) => send("sync", { reason }, adminPaymentPage.syncDone),
    release: (reason: string) => send("release", { reason }, adminPaymentPage.releaseDone),
    settle: (reason: string) =>
      send("settled", { attention: payment.attention, reason }, adminPaymentPage.settleDone),
  };
  return (
    <>
      <div className="flex flex-wrap gap-3">
        {payment.order_id && (
          <Button variant="secondary" onClick={() => setAsking("sync")}>
            {adminPaymentPage.sync}
          </Button>
        )}
        {payment.refundable > 0 && (
          <Button variant="secondary" onClick={() => setAsking("refund")}>
            {adminPaymentPage.refund}
          </Button>
        )}
        {hasReservation && (
          <Button variant="secondary" onClick={() => setAsking("release")}>
            {adminPaymentPage.release}
          </Button>
        )}
        {payment.attention && (
          <Button variant="secondary" onClick={() => setAsking("settle")}>
            {adminPaymentPage.settle}
          </Button>
        )}
      </div>
      <Refunds payment={payment} onRetry={(retry, amount) => setAsking({ retry, amount })} />
      {asking === "refund" && (
        <RefundByHandDialog
          payment={payment}
          onClose={close}
          onConfirm={(refund) =>
            send("refunds", { ...refund, refundable: payment.refundable }, adminPaymentPage.refundDone)
          }
        />
      )}
      {typeof asking === "object" && asking && (
        <ReasonedDialog
          title={adminPaymentPage.retryTitle}
          text={adminPaymentPage.retryText(asking.amount)}
          confirmLabel={adminPaymentPage.retryConfirm}
          onClose={close}
          onConfirm={(reason) =>
            send(`refunds/${asking.retry}/retry`, { reason }, adminPaymentPage.retryDone)
          }
        />
      )}
      {(asking === "sync" || asking === "release" || asking === "settle") && (
        <ReasonedDialog
          title={adminPaymentPage[`${asking}Title`]}
          text={adminPaymentPage[`${asking}Text`]}
          confirmLabel={asking === "sync" ? adminPaymentPage.sync : adminPaymentPage[`${asking}Confirm`]}
          onClose={close}
          onConfirm={(reason) => dialogs[asking](reason)}
        />
      )}
      {proofDialog}
    </>
  );
}

function Refunds({
  payment: { refunds },
  onRetry,
}: {
  payment: AdminPayment;
  onRetry: (refundId: string, amount: string) => void;
}) {
  const timeZone = useViewerTimeZone();
  if (refunds.length === 0) return null;
  return (
    <Lines title={adminPaymentPage.refunds}>
      {refunds.map((refund) => {
        const amount = amountText(refund.amount, refund.currency);
        return (
          <li key={refund.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 p-4 break-words">
            <div className="min-w-0 flex-1 basis-60">
              <p>
                <span className="font-semibold tabular-nums">{amount}</span> · {moneyWords.whys[refund.why]}
              </p>
              <p className="text-sm text-ink-soft">
                {[
                  formatDayAndTime(refund.settled_at ?? refund.requested_at, timeZone),
                  refund.failure,
                  refund.provider_refund_id,
                ]
                  .filter((part) => part !== null)
                  .join(" · ")}
              </p>
            </div>
            <Badge tone={refund.state === "failed" ? "bad" : refund.state === "done" ? "good" : "neutral"}>
              {moneyWords.refundStates[refund.state]}
            </Badge>
            {refund.can_retry && (
              <Button variant="secondary" size="sm" onClick={() => onRetry(refund.id, amount)}>
                {adminPaymentPage.retry}
              </Button>
            )}
          </li>
        );
      })}
    </Lines>
  );
}

function History({ payment: { events, attempts, transfers } }: { payment: AdminPayment }) {
  const timeZone = useViewerTimeZone();
  const line = (key: string, at: string, text: string, amount: string) => (
    <li key={key} className="flex flex-wrap justify-between gap-x-4 gap-y-1 px-4 py-3 text-sm break-words">
      <span className="min-w-0">
        {text}
        <span className="block text-ink-soft">{formatDayAndTime(at, timeZone)}</span>
      </span>
      <span className="tabular-nums">{amount}</span>
    </li>
  );
  const joined = (...parts: (string | null | undefined)[]) => parts.filter(Boolean).join(" · ");
  return (
    <div className="grid items-start gap-6 lg:grid-cols-2">
      <Lines title={adminPaymentPage.history}>
        {events.map((event) =>
          line(
            event.id,
            event.created_at,
            joined(
              moneyWords.events[event.kind],
              event.detail &&
                (Object.entries(moneyWords.whys).find(([why]) => why === event.detail)?.[1] ?? event.detail),
            ),
            amountText(event.amount, event.currency),
          ),
        )}
      </Lines>
      <div className="space-y-6">
        <Lines title={adminPaymentPage.attempts}>
          {attempts.map((attempt) =>
            line(
              attempt.id,
              attempt.created_at,
              joined(
                moneyWords.attemptStates[attempt.state] ?? attempt.state,
                attempt.verdict && (moneyWords.verdicts[attempt.verdict] ?? attempt.verdict),
                attempt.failure,
              ),
              amountText(attempt.amount, attempt.currency),
            ),
          )}
        </Lines>
        <Lines title={adminPaymentPage.transfers}>
          {transfers.map((transfer) =>
            line(
              transfer.id,
              transfer.created_at,
              `${moneyWords.accounts[transfer.from] ?? transfer.from} → ${moneyWords.accounts[transfer.to] ?? transfer.to}`,
              amountText(transfer.amount, transfer.currency),
            ),
          )}
        </Lines>
      </div>
    </div>
  );
}

function Lines({ title, children }: { title: string; children: ReactNode[] }) {
  return (
    <section>
      <h3 className="mb-2 font-semibold">{title}</h3>
      <Card>
        {children.length === 0 ? (
          <p className="p-4 text-sm text-ink-soft">{adminPaymentPage.none}</p>
        ) : (
          <ul className="divide-y divide-line">{children}</ul>
        )}
      </Card>
    </section>
  );
}
