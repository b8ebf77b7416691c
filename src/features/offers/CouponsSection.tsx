import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, TicketPercent } from "lucide-react";
import { useRef, useState } from "react";
import type { MentorProfile } from "#contract/mentors.ts";
import type { Coupon } from "#contract/offers.ts";
import { couponForm, couponList, deleteCoupon } from "#words/coupons.ts";
import { ownServicesQuery } from "@/features/services/queries.ts";
import { lazyPart } from "@/lib/lazyPart.ts";
import { toast } from "@/lib/toast.ts";
import { Button } from "@/ui/Button.tsx";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { removeCoupon } from "./api.ts";
import { CouponCard } from "./CouponCard.tsx";
import { couponsQuery } from "./queries.ts";

const CouponDialog = lazyPart(() => import("./CouponDialog.tsx").then((file) => file.CouponDialog));

/** The mentor's coupons, the newest first. */
export function CouponsSection({ profile }: { profile: MentorProfile }) {
  const coupons = useQuery(couponsQuery(profile.id));
  const services = useQuery(ownServicesQuery(profile.id));
  const queryClient = useQueryClient();
  const [open, setOpen] = useState<{ what: "edit" | "delete"; coupon: Coupon } | { what: "add" } | null>(
    null,
  );
  const heading = useRef<HTMLHeadingElement>(null);
  const close = () => setOpen(null);
  const reread = () => queryClient.invalidateQueries({ queryKey: couponsQuery(profile.id).queryKey });
  const saved = async ({ code }: Coupon) => {
    await reread();
    toast.success(open?.what === "edit" ? couponForm.saved(code) : couponForm.added(code));
    close();
  };
  const remove = async ({ id, code }: Coupon) => {
    await removeCoupon(id);
    await reread();
    toast.success(deleteCoupon.done(code));
  };
  const add = (label: string) => (
    <Button
      onClick={() => setOpen({ what: "add" })}
      onPointerEnter={CouponDialog.preload}
      onFocus={CouponDialog.preload}
    >
      <Plus aria-hidden className="size-4" />
      {label}
    </Button>
  );
  return (
    <section aria-labelledby="coupons">
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <SectionHeading
          id="coupons"
          title={couponList.title}
          count={coupons.data?.length ?? 0}
          ref={heading}
        />
        {coupons.data && coupons.data.length > 0 && add(couponList.add)}
      </div>
      {coupons.data ? (
        coupons.data.length === 0 ? (
          <EmptyState Icon={TicketPercent} title={couponList.none} level={3}>
            <p>{couponList.whatFor}</p>
            {add(couponList.addFirst)}
          </EmptyState>
        ) : (
          <ul aria-label={couponList.title} className="grid gap-4 md:grid-cols-2">
            {coupons.data.map((coupon) => (
              <li key={coupon.id} className="grid min-w-0">
                <CouponCard
                  coupon={coupon}
                  timeZone={profile.timezone}
                  titles={services.data && new Map(services.data.map(({ id, title }) => [id, title]))}
                  onChanged={reread}
                  onEdit={() => setOpen({ what: "edit", coupon })}
                  onDelete={() => setOpen({ what: "delete", coupon })}
                />
              </li>
            ))}
          </ul>
        )
      ) : coupons.isError ? (
        <ProblemState title={couponList.failed} error={coupons.error} onRetry={coupons.refetch} />
      ) : (
        <div role="status" className="grid gap-4 md:grid-cols-2">
          <span className="sr-only">{couponList.loading}</span>
          <Skeleton className="h-56 w-full" />
          <Skeleton className="h-56 w-full" />
        </div>
      )}
      {(open?.what === "add" || open?.what === "edit") && (
        <CouponDialog
          profile={profile}
          coupon={open.what === "edit" ? open.coupon : null}
          onSaved={saved}
          onClose={close}
        />
      )}
      {open?.what === "delete" && (
        <ConfirmDialog
          title={deleteCoupon.title}
          keepLabel={deleteCoupon.keep}
          confirmLabel={deleteCoupon.confirm}
          onClose={close}
          onConfirm={() => remove(open.coupon)}
          focusAfter={() => heading.current?.focus()}
        >
          <p>
            {withElements(deleteCoupon.lead, {
              code: <strong className="font-bold">{open.coupon.code}</strong>,
            })}
          </p>
        </ConfirmDialog>
      )}
    </section>
  );
}
