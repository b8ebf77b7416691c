import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { AdminPaymentSummary, AdminPayments, MoneyOverview } from "#contract/reconciliation.ts";
import { adminMoney, moneyTroubles, moneyWords } from "#words/adminMoney.ts";
import { adminKeys } from "@/lib/queryKeys.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatDayAndTime } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { useDebounced } from "@/lib/useDebounced.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Badge } from "@/ui/Badge.tsx";
import { Button } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { Field } from "@/ui/Field.tsx";
import { SearchField } from "@/ui/SearchField.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { Select } from "@/ui/Select.tsx";
import { useAction } from "@/ui/useAction.ts";
import { AdminList } from "./AdminList.tsx";
import { amountText, moneyQuery, paymentPath } from "./moneyQueries.ts";
import { act, listQuery } from "./queries.ts";

type Show = keyof typeof adminMoney.shows;

/** What disagrees about money, the checks with the provider and the webhooks that were refused. */
export function MoneyPage() {
  const [show, setShow] = useState<Show>("attention");
  const [text, setText] = useState("");
  const q = useDebounced(text.trim(), 400);
  const list = useInfiniteQuery(listQuery<AdminPayments>("payments", { show, q: q || undefined }));
  const { data: overview } = useQuery(moneyQuery);
  return (
    <>
      <search className="mb-5 grid gap-4 sm:grid-cols-[minmax(0,1fr)_14rem]">
        <SearchField label={adminMoney.search} value={text} onChange={setText} />
        <Field label={adminMoney.show}>
          {(control) => (
            <Select {...control} value={show} onChange={(event) => setShow(event.target.value as Show)}>
              {Object.entries(adminMoney.shows).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </search>
      <AdminList<AdminPaymentSummary>
        list={list}
        none={q || show === "all" ? adminMoney.nothingFound : adminMoney.agrees}
      >
        {(payment) => <PaymentRow payment={payment} />}
      </AdminList>
      {overview && <Checks checks={overview.checks} />}
      {overview && <Webhooks webhooks={overview.webhooks} />}
    </>
  );
}

function PaymentRow({ payment }: { payment: AdminPaymentSummary }) {
  const timeZone = useViewerTimeZone();
  const { booking, troubles, since, currency, amount } = payment;
  return (
    <>
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-baseline gap-x-3">
          <Link
            to={paymentPath({ mentorId: payment.mentor_id, paymentId: payment.id })}
            className="tap font-semibold text-primary-text underline underline-offset-4"
          >
            <bdi>{booking?.title ?? adminMoney.package}</bdi>
          </Link>
          <span className="tabular-nums">{amountText(amount, currency)}</span>
        </p>
        <p className="text-sm text-ink-soft">
          {booking && (
            <>
              <bdi>{booking.student_name}</bdi> · <bdi>{booking.mentor_name}</bdi> ·{" "}
            </>
          )}
          {since
            ? adminMoney.since(formatDayAndTime(since, timeZone))
            : formatDayAndTime(payment.created_at, timeZone)}
        </p>
      </div>
      <p className="flex flex-wrap gap-2">
        {troubles.length === 0 && <Badge>{moneyWords.states[payment.state]}</Badge>}
        {troubles.map((trouble) => (
          <Badge key={trouble} tone={trouble === "orphaned" ? "bad" : "accent"}>
            {moneyTroubles[trouble]?.title ?? trouble}
          </Badge>
        ))}
      </p>
    </>
  );
}

function Checks({ checks }: Pick<MoneyOverview, "checks">) {
  const timeZone = useViewerTimeZone();
  const queryClient = useQueryClient();
  const check = useAction(async () => {
    await act("money/check");
    toast.success(adminMoney.checkBegun);
    await queryClient.invalidateQueries({ queryKey: adminKeys.all });
  });
  return (
    <section aria-labelledby="checks" className="mt-10">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <SectionHeading id="checks" title={adminMoney.checks} />
        <Button variant="secondary" pending={check.isPending} onClick={() => check.run()}>
          {adminMoney.checkNow}
        </Button>
      </div>
      <Card className="divide-y divide-line">
        {checks.length === 0 && <p className="p-4 text-ink-soft">{adminMoney.noChecks}</p>}
        {checks.map((one) => (
          <div key={one.id} className="space-y-1 p-4 break-words">
            <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span className="font-semibold">{formatDayAndTime(one.started_at, timeZone)}</span>
              <Badge tone={toneOf(one)}>{adminMoney.checkStates[one.state]}</Badge>
            </p>
            {one.state !== "running" && (
              <p className="text-sm text-ink-soft">
                {one.failure ?? adminMoney.compared(one.orders, one.put_right, one.differing)}
              </p>
            )}
            {one.findings.length > 0 && (
              <ul className="space-y-1 text-sm">
                {one.findings.map((finding) => (
                  <li key={`${finding.kind} ${finding.order_id}`}>
                    {moneyWords.findings[finding.kind]}
                    {finding.put_right && ` (${adminMoney.putRight})`}:{" "}
                    {finding.mentor_id && finding.payment_id ? (
                      <Link
                        to={paymentPath({ mentorId: finding.mentor_id, paymentId: finding.payment_id })}
                        className="tap text-primary-text underline underline-offset-4"
                      >
                        {finding.order_id}
                      </Link>
                    ) : (
                      finding.order_id
                    )}
                  </li>
                ))}
              </ul>
            )}
          </div>
        ))}
      </Card>
    </section>
  );
}

function toneOf({ state, differing }: MoneyOverview["checks"][number]) {
  if (state === "failed") return "bad";
  if (state === "running") return "neutral";
  return differing > 0 ? "accent" : "good";
}

function Webhooks({ webhooks: { refused, latest } }: Pick<MoneyOverview, "webhooks">) {
  const timeZone = useViewerTimeZone();
  return (
    <section aria-labelledby="webhooks" className="mt-10">
      <SectionHeading id="webhooks" title={adminMoney.webhooks} />
      <Card className="mt-3 divide-y divide-line">
        <p className="p-4 text-ink-soft">
          {latest.length === 0 ? adminMoney.noWebhooks : adminMoney.refused(refused)}
        </p>
        {latest.map((event) => (
          <p key={event.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 p-4 text-sm break-words">
            <Badge tone="accent">{moneyWords.webhooks[event.verdict]}</Badge>
            <span>{formatDayAndTime(event.received_at, timeZone)}</span>
            <span className="min-w-0 text-ink-soft break-all">
              {[adminMoney.providers[event.provider], event.kind, event.order_id]
                .filter((part) => part !== null)
                .join(" · ")}
            </span>
          </p>
        ))}
      </Card>
    </section>
  );
}
