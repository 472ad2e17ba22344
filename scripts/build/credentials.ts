/**
 * In place of the SDK's chain of credentials when functions are bundled: Lambda gives a function its role's credentials in
 * its environment, and nothing else of that chain (profiles, SSO, metadata addresses) may be asked there.
 */
import { fromEnv } from '@aws-sdk/credential-providers';

export const defaultProvider = (): ReturnType<typeof fromEnv> => fromEnv();
