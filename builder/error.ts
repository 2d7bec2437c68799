// The appliance and the builder share one error type; the arrow may only point this way.
export {
  type ErrorCode,
  type ErrorGroup,
  EXIT_CODES,
  EXIT_INTERRUPTED,
  messageOf,
  PosternError,
  type PosternErrorOptions,
} from "../appliance/error.ts";
