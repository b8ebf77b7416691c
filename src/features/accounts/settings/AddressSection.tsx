import { useState } from "react";
import type { Me } from "#contract/accounts.ts";
import { changeAddress, confirmAddress } from "#words/codes.ts";
import { lazyPart } from "@/lib/lazyPart.ts";
import { Button } from "@/ui/Button.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { ChangeAddress } from "../ChangeAddress.tsx";
import { AccountSection } from "./AccountSection.tsx";
import { WithSignInMethods } from "./WithSignInMethods.tsx";

const ConfirmAddressDialog = lazyPart(() =>
  import("../codes/ConfirmAddressDialog.tsx").then((file) => file.ConfirmAddressDialog),
);

/** The address that mails go to and that signs in: confirmed or not, and how to change it. */
export function AddressSection({ me }: { me: Me }) {
  const [isConfirming, setIsConfirming] = useState(false);
  const lead = me.email_confirmed ? changeAddress.present : changeAddress.unconfirmed;
  return (
    <AccountSection
      id="address"
      lead={withElements(lead, { email: <strong className="break-all text-ink">{me.email}</strong> })}
    >
      {!me.email_confirmed && (
        <Button variant="secondary" onClick={() => setIsConfirming(true)}>
          {confirmAddress.enterCode}
        </Button>
      )}
      <WithSignInMethods userId={me.id}>
        {({ password }) => <ChangeAddress key={me.email} me={me} hasPassword={password} />}
      </WithSignInMethods>
      {isConfirming && <ConfirmAddressDialog email={me.email} onClose={() => setIsConfirming(false)} />}
    </AccountSection>
  );
}
