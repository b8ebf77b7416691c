import { z } from "zod";
/** What a price can be made of. */
export declare const priceLineKinds: readonly ["session", "credit", "recording", "coupon", "tax"];
export declare const priceLine: z.ZodObject<{
    kind: z.ZodEnum<{
        coupon: "coupon";
        credit: "credit";
        recording: "recording";
        session: "session";
        tax: "tax";
    }>;
    amount: z.ZodNumber;
}, z.core.$strip>;
export type PriceLine = z.infer<typeof priceLine>;
