// Words, and how texts from elsewhere are shown.

const HIDDEN =
  /[\p{C}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f\u{e0100}-\u{e01ef}]|(?! )\p{Zs}/gu;
const SHORT = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

// Each character that does not show as itself becomes its escape: marks of direction, controls, zero widths.
function visible(text) {
  return String(text).replace(HIDDEN, (character) => {
    const code = character.codePointAt(0);
    if (SHORT[character]) return SHORT[character];
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
    if (code < 0x10000) return `\\u${code.toString(16).padStart(4, "0")}`;
    return `\\U${code.toString(16).padStart(8, "0")}`;
  });
}

// A long text loses its middle: ends tell names apart.
function brief(text, most) {
  return text.length <= most ? text : `${text.slice(0, most / 2)}…${text.slice(-most / 2)}`;
}

const numbers = new Intl.NumberFormat("en-US");
const many = (count) => numbers.format(count);
const counted = (count, one, more) => `${many(count)} ${count === 1 ? one : more}`;
const moment = (time) => (time ? `${time.slice(0, 10)} ${time.slice(11, 16)} UTC` : "");

const STATUS = {
  fail: "fails",
  unknown: "unknown",
  excepted: "excepted",
  pass: "no violation found",
  "not-applicable": "the provider's",
};
const STATUS_SAID = {
  unknown: "Unknown: what decides it could not be read.",
  excepted: "Fails, and an exception holds.",
  pass: "Nothing wrong was found in what this check sees. That is no proof that all is well.",
  "not-applicable": "Not applicable: the provider owns this object.",
};
const UNDECIDED_SAID = "Unknown: all that decides it was read, and does not tell.";
const DUE = { overdue: "overdue", due: "due later", none: "no day set" };
const OWNED = { customer: "yours", shared: "shared", provider: "the provider's" };
const MODEL = {
  iaas: "infrastructure: the provider runs the hardware, you run what is on it",
  caas: "containers: the provider runs the control plane, you run what is in it",
  paas: "a managed service: the provider runs the software, you set it up and fill it",
  faas: "functions: the provider runs everything below your code",
  saas: "an application: the provider runs it, you set it up and say who uses it",
  "control-plane": "a setting of the cloud itself: nothing runs in it",
};
const SHARED = {
  "customer-only": "only the customer can do it; the provider brings the switches",
  independent: "each side does its part, and each part works without the other",
  dependent: "each side does its part, and neither part works without the other",
};
const CONFIDENCE = {
  mapped: "high: this duty is described for this type of resource",
  "inherited-from-service": "medium: the type or its service is described, this duty on it is not",
  "default-rule": "low: nobody described this type; what one can set, grant or fill is yours by default",
};
const PACKED = "This browser cannot unpack what this page holds of each finding: its evidence, the request that proves it, "
  + "what exactly was answered, and tags. Any browser of the year 2023 or later can.";
