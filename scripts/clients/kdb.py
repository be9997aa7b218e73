#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""kdb.py ROWS SOCKET: wait for a guest at SOCKET, and type into its kdb.

What it says goes to stdout, and answers to the file ROWS.
"""

import re
import socket
import sys

PROMPT = re.compile(r'\[\d\]kdb> $')
SYMBOL = re.compile(r'(?<!\? )\b(\w+)\+0x[0-9a-f]+/0x[0-9a-f]+ \[tc_work( [0-9a-f]{40})?\]')


def symbols(trace):
    """The module's functions in it, without what may be left over there."""
    return [match[1] for match in SYMBOL.finditer(trace)]


class Guest:
    def __init__(self, path):
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path)
            server.listen()
            server.settimeout(60)
            self.port = server.accept()[0].makefile('rwb', buffering=0)

    def until_prompt(self):
        said = ''
        while not PROMPT.search(said):
            byte = self.port.read(1)
            if not byte:
                raise SystemExit('the guest has ended without a prompt of kdb')
            said += byte.decode('ascii', 'replace')
            sys.stdout.write(said[-1])
        return said.replace('\r', '')

    def type(self, line):
        self.port.write(line.encode() + b'\n')

    def ask(self, line):
        self.type(line)
        return self.until_prompt()

    def rest(self):
        sys.stdout.write(self.port.read().decode('ascii', 'replace'))


def main():
    rows, path = sys.argv[1:]
    guest = Guest(path)

    def row(what, wanted, answer):
        with open(rows, 'a', encoding='utf-8') as f:
            print('kdb', what, wanted, ' '.join(answer), sep='\t', file=f)

    guest.until_prompt()
    guest.ask('set LINES 10000')
    row('bt, stopped in tc_stop', 'tc_stop tc_caller tc_stop_set',
        symbols(guest.ask('bt')))
    row('md8c1 tc_object', '7a6b5c4d3e2f1a0b',
        re.findall('^0x[0-9a-f]+ ([0-9a-f]{16})', guest.ask('md8c1 tc_object'), re.MULTILINE))
    row('md8c1 tc_obj, completed by a tab', '7a6b5c4d3e2f1a0b',
        re.findall('^0x[0-9a-f]+ ([0-9a-f]{16})', guest.ask('md8c1 tc_obj\t'), re.MULTILINE))
    row('mds tc_ops', 'tc_burn_set tc_many_set.*',
        re.findall(r'[0-9a-f] +\[tc_work\](tc_\w+)', guest.ask('mds tc_ops')))
    row('lsmod', 'tc_work tc_base',
        re.findall(r'^(tc_\w+)', guest.ask('lsmod'), re.MULTILINE))
    row('bp tc_many_3', r'\[tc_work\]tc_many_3',
        re.findall(r'\((\[tc_work\]tc_\w+)\)', guest.ask('bp tc_many_3')))
    guest.type('go')
    guest.until_prompt()
    row('go, and bt where it stops', 'tc_many_3 tc_many_set',
        symbols(guest.ask('bt')))
    guest.ask('bc *')
    guest.type('go')
    guest.rest()


main()
