import { Check, Copy, Download } from "lucide-react";
import { useState } from "react";
import { recoveryCodesDialog } from "#words/accountPage.ts";
import { copyText } from "@/lib/copyText.ts";
import { announce } from "@/ui/Announcer.tsx";
import { Button } from "@/ui/Button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/ui/Dialog.tsx";

/** Shows recovery codes, which the API gives only once. */
export function RecoveryCodesDialog({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const [isCopied, setIsCopied] = useState(false);
  const text = codes.join("\n");
  const copy = async () => {
    const isDone = await copyText(text);
    setIsCopied(isDone);
    announce(isDone ? recoveryCodesDialog.copied : recoveryCodesDialog.copyFailed);
  };
  const CopyIcon = isCopied ? Check : Copy;
  return (
    <Dialog
      open
      onClose={onClose}
      // The button that led here may be gone.
      onClosed={() => document.getElementById("twoFactor")?.focus()}
      title={recoveryCodesDialog.title}
    >
      <DialogBody>
        <div className="space-y-5">
          <p>{recoveryCodesDialog.text}</p>
          <ul
            aria-label={recoveryCodesDialog.list}
            className="grid grid-cols-2 gap-x-4 gap-y-2 rounded-control border border-line bg-sunken px-4 py-3 font-mono select-all"
          >
            {codes.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ul>
          <div className="flex flex-wrap gap-3">
            <Button variant="secondary" onClick={copy}>
              <CopyIcon aria-hidden className="size-4" />
              {isCopied ? recoveryCodesDialog.copied : recoveryCodesDialog.copy}
            </Button>
            <Button variant="secondary" onClick={() => download(text)}>
              <Download aria-hidden className="size-4" />
              {recoveryCodesDialog.download}
            </Button>
          </div>
        </div>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose} className="w-full sm:ml-auto sm:flex sm:w-auto">
          {recoveryCodesDialog.done}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

function download(text: string): void {
  const address = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/plain" }));
  const link = Object.assign(document.createElement("a"), {
    href: address,
    download: recoveryCodesDialog.fileName,
  });
  link.click();
  URL.revokeObjectURL(address);
}
