export * from './assert-holds.ts';
export * from './case-error.ts';
export * from './cases.ts';
export * from './causes.ts';
export * from './evidence.ts';
export * from './expectations.ts';
