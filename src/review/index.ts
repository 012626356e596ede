export * from './assert-holds.ts';
export * from './case-error.ts';
export * from './cases.ts';
export * from './expectations.ts';
