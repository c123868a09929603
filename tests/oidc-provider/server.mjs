// The certified provider as one kommun's issuer. Argument: JSON with address and the platform's address.
// Prints one line when it answers. Anyone may log in; the login name decides the groups.
import { generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';

const { issuer, platform, slug, clientId, clientSecret, machineId, machineSecret } = JSON.parse(
  process.argv[2],
);

const groupsOf = (login) => (login === 'nobody' ? [] : [`group-of-${login}`]);

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'test-key' };

const api = {
  scope: 'hemvist.api',
  audience: 'hemvist-api',
  accessTokenFormat: 'jwt',
  accessTokenTTL: 300,
  jwt: { sign: { alg: 'RS256' } },
};

const provider = new Provider(issuer, {
  jwks: { keys: [key] },
  cookies: { keys: ['only-for-this-test'] },
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [`${platform}/${slug}/oidc/callback`],
      post_logout_redirect_uris: [`${platform}/${slug}/`],
      backchannel_logout_uri: `${platform}/${slug}/oidc/backchannel-logout`,
      backchannel_logout_session_required: true,
    },
    {
      client_id: machineId,
      client_secret: machineSecret,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
  ],
  scopes: ['openid', 'profile', 'groups'],
  claims: { openid: ['sub'], profile: ['name'], groups: ['groups'] },
  findAccount: (_ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: `Person ${id}`, groups: groupsOf(id) }),
  }),
  extraTokenClaims: (_ctx, token) =>
    token.kind === 'ClientCredentials' ? { groups: ['group-of-machine'] } : undefined,
  // Its own guard keeps it from calling this machine, which is where the platform under test is.
  fetch: (url, { dispatcher: _guard, ...options }) => globalThis.fetch(url, options),
  pkce: { required: () => true },
  features: {
    backchannelLogout: { enabled: true },
    clientCredentials: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => api,
    },
  },
});

provider.on('backchannel.error', (_ctx, error) => console.error(error));

const { hostname, port } = new URL(issuer);
provider.listen(Number(port), hostname, () => console.log('ready'));
