/** Prepared statements and portals with such names are the gateway's own. */
export const RESERVED_NAMES = 'sallyport_'

export const isReserved = (name: string): boolean => name.startsWith(RESERVED_NAMES)
