import { Suspense, useState } from "react";
import type { Me } from "#contract/accounts.ts";
import { confirmAddress } from "#words/codes.ts";
import { lazyPart } from "@/lib/lazyPart.ts";
import { Button } from "@/ui/Button.tsx";
import { withElements } from "@/ui/withElements.tsx";

const ConfirmAddressDialog = lazyPart(() =>
  import("./ConfirmAddressDialog.tsx").then((file) => file.ConfirmAddressDialog),
);

/** A strip over all pages of a person whose address is not confirmed. */
export function UnconfirmedNotice({ me }: { me: Me }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <aside aria-label={confirmAddress.title} className="border-b border-line bg-accent-soft">
      <div className="page flex flex-wrap items-center gap-x-4 gap-y-2 py-2.5">
        <p className="min-w-0 flex-1 basis-64 leading-snug">
          {withElements(confirmAddress.notice, { email: <strong className="break-all">{me.email}</strong> })}
        </p>
        <Button
          variant="secondary"
          size="sm"
          onClick={() => setIsOpen(true)}
          onPointerEnter={ConfirmAddressDialog.preload}
        >
          {confirmAddress.enterCode}
        </Button>
      </div>
      {isOpen && (
        <Suspense fallback={null}>
          <ConfirmAddressDialog email={me.email} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </aside>
  );
}
