// The app as `npm start` runs it, but Razorpay or Stripe is a server of the tests, on the port VENDOR_PORT.
import { start } from "../server/start.ts";
import { openQuickPasswords } from "../server/testing/quickPasswords.ts";

const { VENDOR_PORT: port, ...env } = process.env;
await start(env, {
  passwords: openQuickPasswords(),
  vendors: {
    razorpay: `http://127.0.0.1:${port}/v1`,
    stripe: { protocol: "http", host: "127.0.0.1", port: Number(port) },
  },
});
