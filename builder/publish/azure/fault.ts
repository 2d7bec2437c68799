/** What went wrong with a request, as far as Azure and its libraries say it. */
export interface Fault {
  /** HTTP status; absent when no answer came. */
  status?: number;
  /** Azure's word for it (`InvalidVhd`), or the system's (`ECONNRESET`). */
  code: string;
  message: string;
  /** Seconds that the service asks to be left alone. */
  retryAfter?: number;
}

/** How core-lro tells that an operation failed that was accepted first. */
const FAILED_LATER = /^The long-running operation has failed\. ([A-Za-z]\w*)\. (.*)$/s;
/** A date would need a clock; seconds are what Azure sends. */
const SECONDS = /^\d{1,5}$/;

/**
 * Reads an error of the Azure libraries by its shape: two versions of the class for the same error are installed side
 * by side, and loading either costs half a second.
 */
export function faultOf(error: unknown): Fault | undefined {
  if (!(error instanceof Error)) return undefined;
  const [, later, why] = FAILED_LATER.exec(error.message) ?? [];
  if (later !== undefined) return { code: later, message: why ?? "" };
  const { name } = error;
  if (name === "RequestTimeout") return { code: "ETIMEDOUT", message: error.message };
  if (name !== "RestError") {
    const isSignIn =
      /Credential|^AuthenticationError|^AggregateAuthenticationError|AuthenticationRequired/.test(name);
    return isSignIn ? { code: "SignIn", message: error.message } : undefined;
  }
  const status = numberOf(error, "statusCode");
  const retryAfter = retryAfterOf(error);
  return {
    ...(status === undefined ? {} : { status }),
    code: textOf(error, "code") ?? codeInDetails(error) ?? "",
    message: error.message,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

/** Whether the same request may well succeed a little later. */
export function isTransient({ status, code }: Fault): boolean {
  if (code === "SignIn") return false;
  if (status === undefined) return !["InvalidVhd", "PARSE_ERROR"].includes(code) && isNetwork(code);
  // What came over broken is sent again: the bytes here were just compared.
  if (status === 400) return code === "Md5Mismatch" || code === "Crc64Mismatch";
  return status === 408 || status === 429 || (status >= 500 && status !== 501);
}

/** Whether nothing was wrong with the request but who asked: signature or token ran out. */
export function isDenied({ status }: Fault): boolean {
  return status === 401 || status === 403;
}

export function isNetwork(code: string): boolean {
  return code === "REQUEST_SEND_ERROR" || /^E[A-Z]{3,}$/.test(code);
}

function retryAfterOf(error: object): number | undefined {
  const response: unknown = Reflect.get(error, "response");
  if (typeof response !== "object" || response === null) return undefined;
  const headers: unknown = Reflect.get(response, "headers");
  if (typeof headers !== "object" || headers === null) return undefined;
  const get: unknown = Reflect.get(headers, "get");
  if (typeof get !== "function") return undefined;
  const value: unknown = get.call(headers, "retry-after");
  return typeof value === "string" && SECONDS.test(value) ? Number(value) : undefined;
}

/** A HEAD request's answer has no body: the code comes in a header then. */
function codeInDetails(error: object): string | undefined {
  const details: unknown = Reflect.get(error, "details");
  return typeof details === "object" && details !== null ? textOf(details, "errorCode") : undefined;
}

function textOf(error: object, name: string): string | undefined {
  const value: unknown = Reflect.get(error, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function numberOf(error: object, name: string): number | undefined {
  const value: unknown = Reflect.get(error, name);
  return typeof value === "number" ? value : undefined;
}
