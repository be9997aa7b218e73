# SPDX-License-Identifier: GPL-2.0
"""What gdb finds in a guest, with the tree's scripts/gdb. Sourced by gdb.

$rows is the file where answers go, $tables the one for the lines that
/proc/kallsyms must have of modules, $modules where modules' files are.
"""

import re

import gdb
from linux import modules


def row(what, wanted, answer):
    with open(gdb.parse_and_eval('$rows').string(), 'a', encoding='utf-8') as f:
        print('gdb', what, wanted, ' '.join(answer.split()), sep='\t', file=f)


def run(command):
    said = gdb.execute(command, to_string=True)
    print(f'(gdb) {command}\n{said}')
    return said


def frames():
    names, frame = [], gdb.newest_frame()
    while frame and frame.is_valid() and len(names) < 4:
        names.append(frame.name() or '?')
        frame = frame.older()
    return ' '.join(names)


class Memory:
    """Bytes of the guest, read once."""

    def __init__(self, start, size):
        self.start = start
        self.bytes = gdb.selected_inferior().read_memory(start, size).tobytes()

    def string(self, at):
        return self.bytes[at:self.bytes.index(b'\0', at)].decode()


def walk(module):
    """The core table, as drgn and crash read it.

    It has no size of its string table: that is known to end with the last
    entry's string, and to be in MOD_DATA, as all of the table.
    """
    table = module['core_kallsyms']
    region = module['mem'][gdb.parse_and_eval('MOD_DATA')]
    start, end = int(region['base']), int(region['base']) + int(region['size'])
    symtab, strtab = int(table['symtab']), int(table['strtab'])
    typetab, number = int(table['typetab']), int(table['num_symtab'])
    entry = table['symtab'].dereference().type
    last = (table['symtab'] + number - 1).dereference()
    name = int(last['st_name'])
    size = name + len((table['strtab'] + name).string()) + 1
    for what, at, length in (('symtab', symtab, number * entry.sizeof),
                             ('strtab', strtab, size), ('typetab', typetab, number)):
        if at < start or at + length > end:
            raise gdb.GdbError(f'{what} is not in MOD_DATA')
    fields = {field.name: (field.bitpos // 8, field.type.sizeof)
              for field in entry.strip_typedefs().fields()}
    entries = Memory(symtab, number * entry.sizeof).bytes
    strings = Memory(strtab, size)
    types = Memory(typetab, number).bytes

    def member(index, name):
        at, length = fields[name]
        at += index * entry.sizeof
        return int.from_bytes(entries[at:at + length], 'little')

    for index in range(number):
        name = strings.string(member(index, 'st_name'))
        if name:
            yield member(index, 'st_value'), chr(types[index]), name


def main():
    files = gdb.parse_and_eval('$modules').string()
    run(f'lx-symbols {files}')
    row('lx-symbols: tc_burn, tc_object, xfs_fs_fill_super',
        'tc_burn in section .text of tc_work.ko tc_object in section .data of '
        'tc_work.ko xfs_fs_fill_super in section .text of xfs.ko',
        re.sub(r'/\S*/', '', ''.join(
            run(f'info symbol {name}') for name in
            ('tc_burn', '&tc_object', 'xfs_fs_fill_super'))))
    row('x/gx &tc_object', '0x7a6b5c4d3e2f1a0b',
        run('x/gx &tc_object').split(':')[1])

    run('break tc_burn')
    run('continue')
    row('break tc_burn, bt', 'tc_burn tc_caller tc_burn_set param_attr_store',
        frames())
    run('delete')

    # lx-symbols watches modules come: tc_patch is loaded next.
    run('lx-symbols ' + files)
    run('set var tc_object = 0')
    run('tbreak kernel_restart')
    run('continue')
    row('a module loaded meanwhile', 'tc_patch_same in section .text of tc_patch.ko',
        re.sub(r'/\S*/', '', run('info symbol tc_patch_same')))

    lsmod = [line.split() for line in run('lx-lsmod').splitlines()[1:]]
    with open(gdb.parse_and_eval('$lsmod').string(), 'w', encoding='utf-8') as f:
        for address, name, size, *_ in lsmod:
            print(name, size, address, file=f)
    with open(gdb.parse_and_eval('$tables').string(), 'w', encoding='utf-8') as f:
        for module in modules.module_list():
            for value, letter, name in walk(module):
                print(f'{value:016x} {letter} {name}\t[{module["name"].string()}]',
                      file=f)
    run('detach')


main()
