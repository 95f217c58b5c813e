//! What does not change while a machine runs.

use protocol::snapshot::Facts;

/// Texts that the facts are read from; empty where a file does not exist.
#[derive(Clone, Copy, Debug, Default)]
pub struct FactTexts<'a> {
    /// `/proc/sys/kernel/hostname`
    pub host_name: &'a [u8],
    /// `/etc/os-release`, else `/usr/lib/os-release`
    pub os_release: &'a [u8],
    /// `/proc/sys/kernel/osrelease`
    pub kernel: &'a [u8],
    /// `uname -m`
    pub architecture: &'a str,
    /// `/proc/cpuinfo`
    pub cpuinfo: &'a [u8],
    /// `/sys/firmware/devicetree/base/model`
    pub device_tree_model: &'a [u8],
}

/// Lines of cpuinfo that name the processor, best first: x86, ARM boards, MIPS, POWER, RISC-V.
const MODEL_LINES: [&str; 8] = ["model name", "Model Name", "cpu model", "cpu", "uarch", "Hardware", "Model", "Processor"];

/// ARM's numbers of makers and cores as servers have them: <https://developer.arm.com/documentation/> (MIDR_EL1).
const ARM_CORES: [(&str, &str, &str); 17] = [
    ("0x41", "0xd03", "ARM Cortex-A53"),
    ("0x41", "0xd05", "ARM Cortex-A55"),
    ("0x41", "0xd07", "ARM Cortex-A57"),
    ("0x41", "0xd08", "ARM Cortex-A72"),
    ("0x41", "0xd09", "ARM Cortex-A73"),
    ("0x41", "0xd0b", "ARM Cortex-A76"),
    ("0x41", "0xd0c", "ARM Neoverse-N1"),
    ("0x41", "0xd40", "ARM Neoverse-V1"),
    ("0x41", "0xd49", "ARM Neoverse-N2"),
    ("0x41", "0xd4f", "ARM Neoverse-V2"),
    ("0x41", "0xd84", "ARM Neoverse-V3"),
    ("0x41", "0xd8e", "ARM Neoverse-N3"),
    ("0x43", "0x0af", "Cavium ThunderX2"),
    ("0x48", "0xd01", "HiSilicon Kunpeng-920"),
    ("0x48", "0xd02", "HiSilicon Kunpeng-930"),
    ("0x70", "0x663", "Phytium FTC663"),
    ("0xc0", "0xac3", "Ampere-1"),
];

/// Facts from texts; memory, boot time and the reader's version are the caller's.
pub fn read_facts(texts: &FactTexts<'_>) -> Facts {
    let line = |text: &[u8]| String::from_utf8_lossy(text).trim().to_owned();
    let cpuinfo = String::from_utf8_lossy(texts.cpuinfo);
    let kernel = line(texts.kernel);
    Facts {
        host_name: line(texts.host_name),
        os: os_name(&String::from_utf8_lossy(texts.os_release)).unwrap_or_else(|| format!("Linux {kernel}").trim_end().to_owned()),
        kernel,
        architecture: texts.architecture.to_owned(),
        cpu_model: cpu_model(&cpuinfo, texts.device_tree_model).unwrap_or_else(|| texts.architecture.to_owned()),
        cores: u32::try_from(values(&cpuinfo, "processor").count()).unwrap_or(0),
        ..Facts::default()
    }
}

/// Pretty name, else name and version: <https://www.freedesktop.org/software/systemd/man/latest/os-release.html>.
fn os_name(text: &str) -> Option<String> {
    let get = |key: &str| {
        let value = text.lines().find_map(|line| line.trim().strip_prefix(key)?.strip_prefix('='))?.trim();
        let value = value.trim_matches(['"', '\'']);
        (!value.is_empty()).then(|| value.to_owned())
    };
    get("PRETTY_NAME").or_else(|| Some(format!("{} {}", get("NAME")?, get("VERSION_ID").unwrap_or_default()).trim_end().to_owned()))
}

fn values<'a>(cpuinfo: &'a str, key: &'a str) -> impl Iterator<Item = &'a str> {
    cpuinfo.lines().filter_map(move |line| {
        let (name, value) = line.split_once(':')?;
        (name.trim() == key).then(|| value.trim())
    })
}

fn cpu_model(cpuinfo: &str, device_tree_model: &[u8]) -> Option<String> {
    let line = |key| values(cpuinfo, key).find(|value| !value.is_empty() && value.parse::<u32>().is_err());
    let board = String::from_utf8_lossy(device_tree_model).trim_matches(['\0', '\n', ' ']).to_owned();
    let arm = || {
        let (maker, part) = (values(cpuinfo, "CPU implementer").next()?, values(cpuinfo, "CPU part").next()?);
        let known = ARM_CORES.iter().find(|core| core.0 == maker && core.1 == part).map(|core| core.2.to_owned());
        Some(known.unwrap_or_else(|| format!("ARM implementer {maker} part {part}")))
    };
    // On ARM the line "Model" and the device tree name the board, which is what an owner of such a machine calls it.
    let named = MODEL_LINES.iter().find_map(|key| line(key)).map(str::to_owned);
    named.or_else(|| Some(board).filter(|board| !board.is_empty())).or_else(arm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processor_always_has_a_name() {
        let arm = "processor\t: 0\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU architecture: 8\n\
            CPU variant\t: 0x3\nCPU part\t: 0xd0c\nCPU revision\t: 1\n\nprocessor\t: 1\n";
        let unknown = arm.replace("0xd0c", "0xfff");
        let pi = format!("{arm}\nHardware\t: BCM2835\nModel\t\t: Raspberry Pi 4 Model B Rev 1.4\n");
        for (cpuinfo, board, expected) in [
            ("processor\t: 0\nmodel\t\t: 167\nmodel name\t: Intel(R) Xeon(R) Processor\n", "", "Intel(R) Xeon(R) Processor"),
            (arm, "", "ARM Neoverse-N1"),
            (&unknown, "", "ARM implementer 0x41 part 0xfff"),
            (arm, "Raspberry Pi 5 Model B Rev 1.0\0", "Raspberry Pi 5 Model B Rev 1.0"),
            (&pi, "", "BCM2835"),
            ("processor\t: 0\ncpu\t\t: POWER9 (architected), altivec supported\n", "", "POWER9 (architected), altivec supported"),
            ("processor : 0\nhart : 1\nuarch : sifive,u74-mc\n", "", "sifive,u74-mc"),
            ("", "", "aarch64"),
            ("\u{fffd}:::\n", "\0", "aarch64"),
        ] {
            let texts = FactTexts {
                cpuinfo: cpuinfo.as_bytes(),
                device_tree_model: board.as_bytes(),
                architecture: "aarch64",
                ..Default::default()
            };
            assert_eq!(read_facts(&texts).cpu_model, expected, "{cpuinfo}");
        }
    }

    #[test]
    fn the_system_always_has_a_name() {
        for (text, expected) in [
            ("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\n", "Debian GNU/Linux 12 (bookworm)"),
            ("NAME=Alpine\nVERSION_ID=3.20\n", "Alpine 3.20"),
            ("NAME='openEuler'\n", "openEuler"),
            ("PRETTY_NAME=\nNAME=\n", "Linux 6.1.0"),
            ("", "Linux 6.1.0"),
        ] {
            let texts = FactTexts { os_release: text.as_bytes(), kernel: b"6.1.0\n", ..Default::default() };
            assert_eq!(read_facts(&texts).os, expected, "{text}");
        }
    }

    #[test]
    fn counts_processors_and_trims_names() {
        let texts = FactTexts { host_name: b"web-1\n", cpuinfo: b"processor : 0\n\nprocessor : 1\n", ..Default::default() };
        let facts = read_facts(&texts);
        assert_eq!((facts.host_name.as_str(), facts.cores), ("web-1", 2));
        assert_eq!(read_facts(&FactTexts { host_name: b"\xff", ..Default::default() }).host_name, "\u{fffd}");
    }
}
