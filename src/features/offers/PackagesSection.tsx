import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Package, Plus } from "lucide-react";
import { useRef, useState } from "react";
import type { MentorProfile } from "#contract/mentors.ts";
import type { OwnPackage } from "#contract/offers.ts";
import { deletePackage, packageForm, packageList } from "#words/packages.ts";
import { ownServicesAndFeeQuery } from "@/features/services/queries.ts";
import { lazyPart } from "@/lib/lazyPart.ts";
import { toast } from "@/lib/toast.ts";
import { Button } from "@/ui/Button.tsx";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { removePackage } from "./api.ts";
import { PackageCard } from "./PackageCard.tsx";
import { pricedLengths } from "./packageForm.ts";
import { packagesQuery } from "./queries.ts";

const PackageDialog = lazyPart(() => import("./PackageDialog.tsx").then((file) => file.PackageDialog));

/** The mentor's packages of sessions. */
export function PackagesSection({ profile }: { profile: MentorProfile }) {
  const packages = useQuery(packagesQuery(profile.id));
  const services = useQuery(ownServicesAndFeeQuery(profile.id));
  const queryClient = useQueryClient();
  const [open, setOpen] = useState<{ what: "edit" | "delete"; offered: OwnPackage } | { what: "add" } | null>(
    null,
  );
  const heading = useRef<HTMLHeadingElement>(null);
  const close = () => setOpen(null);
  const reread = () => queryClient.invalidateQueries({ queryKey: packagesQuery(profile.id).queryKey });
  const saved = async () => {
    await reread();
    toast.success(open?.what === "edit" ? packageForm.saved : packageForm.added);
    close();
  };
  const remove = async ({ id }: OwnPackage) => {
    await removePackage(id);
    await reread();
    toast.success(deletePackage.done);
  };
  const lengths = pricedLengths(services.data?.data ?? []);
  const feePercent = services.data?.fee_percent ?? null;
  const problem = packages.error ?? services.error;
  const isReady = packages.data !== undefined && services.data !== undefined;
  const add = (label: string) => (
    <Button
      onClick={() => setOpen({ what: "add" })}
      onPointerEnter={PackageDialog.preload}
      onFocus={PackageDialog.preload}
    >
      <Plus aria-hidden className="size-4" />
      {label}
    </Button>
  );
  return (
    <section aria-labelledby="packages">
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <SectionHeading
          id="packages"
          title={packageList.title}
          count={packages.data?.length ?? 0}
          ref={heading}
        />
        {isReady && packages.data.length > 0 && lengths.length > 0 && add(packageList.add)}
      </div>
      {isReady ? (
        packages.data.length === 0 ? (
          <EmptyState Icon={Package} title={packageList.none} level={3}>
            <p>{packageList.whatFor}</p>
            {lengths.length > 0 ? add(packageList.addFirst) : <p>{packageList.noServices}</p>}
          </EmptyState>
        ) : (
          <ul aria-label={packageList.title} className="grid gap-4 md:grid-cols-2">
            {packages.data.map((offered) => (
              <li key={offered.id} className="grid min-w-0">
                <PackageCard
                  offered={offered}
                  feePercent={feePercent}
                  onChanged={reread}
                  onEdit={() => setOpen({ what: "edit", offered })}
                  onDelete={() => setOpen({ what: "delete", offered })}
                />
              </li>
            ))}
          </ul>
        )
      ) : problem ? (
        <ProblemState
          title={packageList.failed}
          error={problem}
          onRetry={() => void Promise.all([packages.refetch(), services.refetch()])}
        />
      ) : (
        <div role="status" className="grid gap-4 md:grid-cols-2">
          <span className="sr-only">{packageList.loading}</span>
          <Skeleton className="h-56 w-full" />
          <Skeleton className="h-56 w-full" />
        </div>
      )}
      {(open?.what === "add" || open?.what === "edit") && (
        <PackageDialog
          offered={open.what === "edit" ? open.offered : null}
          lengths={lengths}
          feePercent={feePercent}
          onSaved={saved}
          onClose={close}
        />
      )}
      {open?.what === "delete" && (
        <ConfirmDialog
          title={deletePackage.title}
          keepLabel={deletePackage.keep}
          confirmLabel={deletePackage.confirm}
          onClose={close}
          onConfirm={() => remove(open.offered)}
          focusAfter={() => heading.current?.focus()}
        >
          <p>{deletePackage.lead}</p>
        </ConfirmDialog>
      )}
    </section>
  );
}
