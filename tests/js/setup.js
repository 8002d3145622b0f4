import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto;
