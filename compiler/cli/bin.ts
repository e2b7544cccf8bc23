#!/usr/bin/env node
console.log('chainrule');
