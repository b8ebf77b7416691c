import { useQueryClient } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import type { Me } from "#contract/accounts.ts";
import type { SignInMethods, TwoFactorSetup } from "#contract/signInMethods.ts";
import { twoFactorSection } from "#words/accountPage.ts";
import { ownKeys } from "@/lib/queryKeys.ts";
import { toast } from "@/lib/toast.ts";
import { Badge } from "@/ui/Badge.tsx";
import { Button } from "@/ui/Button.tsx";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { useAction } from "@/ui/useAction.ts";
import { AccountSection } from "./AccountSection.tsx";
import { beginTwoFactor, makeRecoveryCodes, turnTwoFactorOff } from "./api.ts";
import { RecoveryCodesDialog } from "./RecoveryCodesDialog.tsx";
import { TwoFactorDialog } from "./TwoFactorDialog.tsx";
import { useProof } from "./useProof.tsx";
import { WithSignInMethods } from "./WithSignInMethods.tsx";

export function TwoFactorSection({ me }: { me: Me }) {
  return (
    <AccountSection id="twoFactor" lead={twoFactorSection.lead}>
      <WithSignInMethods userId={me.id} needsConfirmedAddress>
        {(methods) =>
          methods.two_factor ? (
            <TwoFactorOn me={me} codesLeft={methods.two_factor.recovery_codes_left} />
          ) : (
            <TwoFactorOff me={me} methods={methods} />
          )
        }
      </WithSignInMethods>
    </AccountSection>
  );
}

function TwoFactorOff({ me, methods }: { me: Me; methods: SignInMethods }) {
  const queryClient = useQueryClient();
  const { withProof, proofDialog } = useProof(me);
  const [setup, setSetup] = useState<TwoFactorSetup | null>(null);
  const begin = useAction(async () => setSetup((await withProof(beginTwoFactor)) ?? null));
  const readAgain = () => queryClient.invalidateQueries({ queryKey: ownKeys.signInMethods(me.id) });
  return (
    <>
      <Button
        variant="secondary"
        pending={begin.isPending}
        disabled={!methods.address_confirmed}
        onClick={begin.run}
      >
        {!begin.isPending && <ShieldCheck aria-hidden className="size-5" />}
        {twoFactorSection.turnOn}
      </Button>
      {setup && (
        <TwoFactorDialog
          setup={setup}
          onClose={() => {
            setSetup(null);
            void readAgain();
          }}
        />
      )}
      {proofDialog}
    </>
  );
}

function TwoFactorOn({ me, codesLeft }: { me: Me; codesLeft: number }) {
  const queryClient = useQueryClient();
  const { withProof, proofDialog } = useProof(me);
  const [asking, setAsking] = useState<"off" | "codes" | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const readAgain = () => queryClient.invalidateQueries({ queryKey: ownKeys.signInMethods(me.id) });
  const turnOff = useAction(async () => {
    const isOff = await withProof(async () => {
      await turnTwoFactorOff();
      return true;
    });
    if (isOff) toast.success(twoFactorSection.turnedOff);
    await readAgain();
  });
  const makeCodes = useAction(async () => {
    const made = await withProof(makeRecoveryCodes);
    if (made) setCodes(made.recovery_codes);
    await readAgain();
  });
  return (
    <>
      <p className="flex flex-wrap items-center gap-3">
        <Badge tone="good">
          <ShieldCheck aria-hidden />
          <span>{twoFactorSection.on}</span>
        </Badge>
        <span className={codesLeft === 0 ? "font-semibold text-bad" : "text-ink-soft"}>
          {codesLeft === 0 ? twoFactorSection.noCodesLeft : twoFactorSection.codesLeft(codesLeft)}
        </span>
      </p>
      <div className="flex flex-wrap gap-3">
        <Button variant="secondary" pending={makeCodes.isPending} onClick={() => setAsking("codes")}>
          {twoFactorSection.newCodes}
        </Button>
        <Button variant="secondary" pending={turnOff.isPending} onClick={() => setAsking("off")}>
          {twoFactorSection.turnOff}
        </Button>
      </div>
      {asking === "codes" && (
        <ConfirmDialog
          title={twoFactorSection.newCodesTitle}
          keepLabel={twoFactorSection.keepCodes}
          confirmLabel={twoFactorSection.newCodes}
          onClose={() => setAsking(null)}
          // The dialog closes at once: another one may ask for a proof.
          onConfirm={() => void makeCodes.run()}
        >
          <p>{twoFactorSection.newCodesText}</p>
        </ConfirmDialog>
      )}
      {asking === "off" && (
        <ConfirmDialog
          title={twoFactorSection.turnOffTitle}
          keepLabel={twoFactorSection.keepOn}
          confirmLabel={twoFactorSection.turnOff}
          onClose={() => setAsking(null)}
          onConfirm={() => void turnOff.run()}
          focusAfter={() => document.getElementById("twoFactor")?.focus()}
        >
          <p>{twoFactorSection.turnOffText}</p>
        </ConfirmDialog>
      )}
      {codes && <RecoveryCodesDialog codes={codes} onClose={() => setCodes(null)} />}
      {proofDialog}
    </>
  );
}
