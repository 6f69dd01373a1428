-- shared_model: made by symlut 0.1.0.
-- A new event every clock; results 3 clocks after it (valid_in to valid_out).
-- No reset: the pipeline flushes itself.

library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity shared_model is
    port (
        clk : in std_logic;
        valid_in : in std_logic;
        a : in signed(8 downto 0); -- fixed<9,4> a
        b : in signed(8 downto 0); -- fixed<9,4> b
        c : in signed(8 downto 0); -- fixed<9,4> c
        valid_out : out std_logic;
        p : out signed(8 downto 0); -- fixed<9,4> p
        q : out signed(8 downto 0) -- fixed<9,4> q
    );
end shared_model;

architecture rtl of shared_model is
    -- gauss over [-2,2], 32 entries, saturates; words ufixed<6,1>
    type n0_type_gauss_0_1 is array (0 to 31) of std_logic_vector(5 downto 0);
    constant n0_table_gauss_0_1 : n0_type_gauss_0_1 := (
        0 => "100000",
        1 => "011111",
        2 => "011101",
        3 => "011011",
        4 => "011000",
        5 => "010100",
        6 => "010001",
        7 => "001110",
        8 => "001011",
        9 => "001000",
        10 => "000110",
        11 => "000100",
        12 => "000011",
        13 => "000010",
        14 => "000001",
        15 => "000001",
        16 => "000001",
        17 => "000001",
        18 => "000010",
        19 => "000011",
        20 => "000100",
        21 => "000101",
        22 => "001000",
        23 => "001010",
        24 => "001101",
        25 => "010000",
        26 => "010100",
        27 => "010111",
        28 => "011010",
        29 => "011101",
        30 => "011111",
        31 => "100000"
    );
    signal n0_valid : std_logic_vector(2 downto 0) := (others => '0');
    signal n2_product : signed(17 downto 0);
    signal n2 : signed(17 downto 0);
    signal n3 : signed(17 downto 0);
    signal n4_rounded : signed(12 downto 0);
    signal n4_up : unsigned(0 downto 0);
    signal n4_under : boolean;
    signal n4_over : boolean;
    signal n4 : signed(8 downto 0);
    constant n5 : unsigned(0 downto 0) := "1"; -- a*b - 1
    signal n6 : signed(9 downto 0);
    signal n7 : signed(9 downto 0);
    signal n8_rounded : signed(9 downto 0);
    signal n8_under : boolean;
    signal n8 : signed(8 downto 0);
    signal n9_rounded : signed(6 downto 0);
    signal n9_under : boolean;
    signal n9_over : boolean;
    signal n9 : signed(4 downto 0);
    signal n10 : unsigned(5 downto 0);
    signal n11 : signed(8 downto 0);
    signal n12 : signed(9 downto 0);
    signal n13_rounded : signed(9 downto 0);
    signal n13_over : boolean;
    signal n13 : signed(8 downto 0);
    signal n15_product : signed(17 downto 0);
    signal n15 : unsigned(16 downto 0);
    signal n16 : unsigned(16 downto 0);
    signal n17_rounded : unsigned(11 downto 0);
    signal n17_up : unsigned(0 downto 0);
    signal n17_over : boolean;
    signal n17 : unsigned(7 downto 0);
    signal n19 : unsigned(9 downto 0);
    signal n20 : unsigned(9 downto 0);
    signal n21_rounded : unsigned(9 downto 0);
    signal n21_over : boolean;
    signal n21 : unsigned(7 downto 0);
    signal n22 : signed(9 downto 0);
    signal n23_rounded : signed(9 downto 0);
    signal n23_under : boolean;
    signal n23 : signed(8 downto 0);
    signal n24 : signed(8 downto 0);
    signal n26 : signed(8 downto 0);
begin
    valid_out <= n0_valid(2);

    n2_product <= a * b; -- a*b
    n2 <= n2_product; -- a*b
    n4_up <= "1" when n3(4) = '1' and (unsigned(n3(3 downto 0)) /= 0 or n3(5) = '1') else "0"; -- RND_CONV
    n4_rounded <= n3(17 downto 5) + signed(resize(n4_up, 13)); -- a*b
    n4_under <= n4_rounded(12) = '1' and n4_rounded(11 downto 8) /= -1; -- SAT
    n4_over <= n4_rounded(12) = '0' and unsigned(n4_rounded(11 downto 8)) /= 0; -- SAT
    n4 <= "011111111" when n4_over else "100000000" when n4_under else n4_rounded(8 downto 0); -- a*b
    n6(9 downto 5) <= resize(n4(8 downto 5), 5) - signed(resize(n5, 5)); -- a*b - 1
    n6(4 downto 0) <= n4(4 downto 0); -- a*b - 1
    n8_rounded <= n7; -- a*b - 1
    n8_under <= n8_rounded(9) = '1' and n8_rounded(8 downto 8) /= -1; -- SAT
    n8 <= "100000000" when n8_under else n8_rounded(8 downto 0); -- a*b - 1
    n9_rounded <= n8(8 downto 2); -- gauss(a*b - 1)
    n9_under <= n9_rounded(6) = '1' and n9_rounded(5 downto 4) /= -1; -- SAT
    n9_over <= n9_rounded(6) = '0' and unsigned(n9_rounded(5 downto 4)) /= 0; -- SAT
    n9 <= "01111" when n9_over else "10000" when n9_under else n9_rounded(4 downto 0); -- gauss(a*b - 1)
    n10 <= unsigned(n0_table_gauss_0_1(to_integer(unsigned(n9)))); -- gauss(a*b - 1)
    n12 <= signed(resize(n10, 10)) + resize(n11, 10); -- gauss(a*b - 1) + a*b
    n13_rounded <= n12; -- gauss(a*b - 1) + a*b
    n13_over <= n13_rounded(9) = '0' and unsigned(n13_rounded(8 downto 8)) /= 0; -- SAT
    n13 <= "011111111" when n13_over else n13_rounded(8 downto 0); -- gauss(a*b - 1) + a*b
    n15_product <= c * c; -- c^2
    n15 <= unsigned(n15_product(16 downto 0)); -- c^2
    n17_up <= "1" when n16(4) = '1' and (n16(3 downto 0) /= 0 or n16(5) = '1') else "0"; -- RND_CONV
    n17_rounded <= n16(16 downto 5) + resize(n17_up, 12); -- c^2
    n17_over <= n17_rounded(11 downto 8) /= 0; -- SAT
    n17 <= "11111111" when n17_over else n17_rounded(7 downto 0); -- c^2
    n19 <= (n17 & "00") - resize(n17, 10); -- 3*c^2
    n21_rounded <= n20; -- 3*c^2
    n21_over <= n21_rounded(9 downto 8) /= 0; -- SAT
    n21 <= "11111111" when n21_over else n21_rounded(7 downto 0); -- 3*c^2
    n22 <= resize(n11, 10) - signed(resize(n21, 10)); -- a*b - 3*c^2
    n23_rounded <= n22; -- a*b - 3*c^2
    n23_under <= n23_rounded(9) = '1' and n23_rounded(8 downto 8) /= -1; -- SAT
    n23 <= "100000000" when n23_under else n23_rounded(8 downto 0); -- a*b - 3*c^2
    p <= n24; -- p
    q <= n26; -- q

    process (clk)
    begin
        if rising_edge(clk) then
            n0_valid(0) <= valid_in;
            n0_valid(2 downto 1) <= n0_valid(1 downto 0);
            n3 <= n2; -- a*b
            n7 <= n6; -- a*b - 1
            n11 <= n4; -- a*b
            n16 <= n15; -- c^2
            n20 <= n19; -- 3*c^2
            n24 <= n13; -- gauss(a*b - 1) + a*b
            n26 <= n23; -- a*b - 3*c^2
        end if;
    end process;
end rtl;
