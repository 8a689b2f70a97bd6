// Moments as the contract writes them.

export const isoMoment = (seconds: number): string => new Date(seconds * 1000).toISOString()
