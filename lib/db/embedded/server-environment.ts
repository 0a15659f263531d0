/** All that PostgreSQL's programs see of our environment. NODE_ENV means nothing to them: Next's types demand it. */
export const SERVER_ENVIRONMENT = { LC_ALL: 'C', PATH: '/usr/bin:/bin', NODE_ENV: 'production' } as const
